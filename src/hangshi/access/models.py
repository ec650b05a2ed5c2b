"""Accounts that sign in, the grants under which they act, and what they asked to be done once."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its sign-in name; `services.open_account` makes one."""


class Account(AbstractBaseUser):
    """Somebody who signs in. `name` is shown on pages; `active` False ends every session at the next request."""

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    active = models.BooleanField("启用", default=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"

    class Meta:
        db_table = "account"

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's sign-in asks under this name
        return self.active


class Grant(models.Model):
    """The account holds `role` over the unit and all below it, from `since` to `until`, both days included.

    `unit` is a plain number: `registry` stands above this room. `path` is the unit's present path and is moved with the unit.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=64)
    unit_id = models.BigIntegerField("单位")
    path = models.CharField("路径", max_length=200, db_collation="C")
    since = models.DateField("起始日")
    until = models.DateField("截止日", null=True)

    class Meta:
        db_table = "access_grant"


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
