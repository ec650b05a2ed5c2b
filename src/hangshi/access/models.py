"""Accounts that sign in, how they do, the grants under which they act, and what they asked to be done once."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by its sign-in name; `services.open_account` makes one."""


class Account(AbstractBaseUser):
    """Somebody who signs in. `name` is shown on pages; `active` False ends every session at the next request.

    `must_change`: somebody else knows the password; its owner is asked for a new one at the next sign-in.
    `person_id` is the person of the registry that the account belongs to, a plain number: `registry` stands above this room.
    """

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    active = models.BooleanField("启用", default=True)
    must_change = models.BooleanField("须改密码", default=False, db_default=False)
    password_since = models.DateTimeField("密码设置时间", null=True)
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


class Session(models.Model):
    """Somebody is signed in. Only the SHA-256 of the token is kept, so that a copy of the table opens nothing.

    `stage` says what is still asked before anything is shown: empty, or one of `code`, `enrol`, `password`. `passed` is when the
    second factor was given; `recent` until when the person counts as just confirmed.
    """

    key = models.CharField(max_length=64, unique=True, db_collation="C")
    account = models.ForeignKey(Account, models.CASCADE, related_name="sessions", verbose_name="账号")
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="+", verbose_name="授权")
    stage = models.CharField(max_length=8, blank=True)
    created = models.DateTimeField("登录时间")
    seen = models.DateTimeField("最近使用")
    address = models.CharField("网络地址", max_length=64)
    agent = models.CharField("设备", max_length=64)
    passed = models.DateTimeField(null=True)
    recent = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_session"


class Factor(models.Model):
    """The account's second factor. `sealed` is in force (None: none yet), `offered` is being enrolled; `last_step` was used last."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="factor")
    sealed = models.BinaryField(null=True)
    offered = models.BinaryField(null=True)
    last_step = models.BigIntegerField(default=0)
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_factor"


class RecoveryCode(models.Model):
    """A code for a day without the telephone; only a keyed digest is kept. It works once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, db_collation="C")
    used = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_recovery_code"
        constraints = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")]


class FormerPassword(models.Model):
    """The hash of a password of before, kept only as long as the profile forbids to take it again."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        db_table = "access_former_password"


class Throttle(models.Model):
    """Failures counted under a keyed digest of account, address or both; before `until` no further try is heard."""

    key = models.CharField(max_length=64, primary_key=True, db_collation="C")
    failures = models.IntegerField(default=0)
    seen = models.DateTimeField(db_index=True)
    until = models.DateTimeField()

    class Meta:
        db_table = "access_throttle"


class Event(models.Model):
    """What happened at the door or to an account: ids only, never a value. Rows are added and never changed.

    `account` is a plain number, None for a name that nobody has: an event outlives what it tells of.
    """

    kind = models.CharField(max_length=32)
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=64)
    agent = models.CharField("设备摘要", max_length=16)
    ids = models.JSONField(default=dict)

    class Meta:
        db_table = "access_event"
        indexes = [models.Index(fields=["account", "at"], name="event_of_account")]
