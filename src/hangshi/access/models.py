"""Accounts that sign in, the grants under which they act, and what they asked to be done once."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its sign-in name; `services.open_account` makes one."""


class Account(AbstractBaseUser):
    """Somebody who signs in. `name` is shown on pages; `active` False ends every session at the next request.

    `person_id` is the person of the registry that the account belongs to, a plain number: `registry` stands above this room.
    """

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    active = models.BooleanField("启用", default=True)
    person_id = models.BigIntegerField("人员", null=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "account"
        indexes = [models.Index(fields=["person_id"])]

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's sign-in asks under this name
        return self.active


class Grant(models.Model):
    """The account holds `role` over the unit and all below it in `line`, from `since` to `until`, both days included.

    `unit_id` and `person_id` are plain numbers: `registry` stands above this room. `path` is the unit's present path and is moved
    with the unit. `person_id` is whose pairings a role of scope "households" opens. `office` is the group of the role: empty for the work,
    else which administrator. A delegated grant names in `delegated_from` the grant it is a part of, and stands no longer than that.
    Only `until` ever changes, and only to an earlier day: the database refuses anything else.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=64)
    unit_id = models.BigIntegerField("单位")
    path = models.CharField("路径", max_length=200, db_collation="C")
    line = models.CharField("条线", max_length=20, default="place", db_default="place")
    person_id = models.BigIntegerField("人员", null=True)
    office = models.CharField("管理职责", max_length=20, blank=True, default="", db_default="")
    since = models.DateField("起始日")
    until = models.DateField("截止日", null=True)
    granted_by = models.BigIntegerField("授权账号", null=True)
    # The database deletes what hangs on a deleted grant: the deleter's scope may not reach it.
    delegated_from = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, related_name="delegated", verbose_name="来自授权"
    )

    class Meta:
        db_table = "access_grant"
        indexes = [models.Index(fields=["account", "since"]), models.Index(fields=["path"])]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="access_grant_dates")
        ]


class Effect(models.Model):
    """What the account asked for under `key` (`asked` is a digest of it), done once, and what it was answered."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    key = models.CharField("提交编号", max_length=64, db_collation="C")
    asked = models.BinaryField(max_length=32)
    answer = models.JSONField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "effect"
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="effect_once")]
