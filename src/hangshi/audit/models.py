"""The log and its seal. The app role reads; only triggers and the definer function `audit_note` append."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AuditEntry(models.Model):
    """One statement that changed rows of one table, or one thing somebody did (`kind` is a key of `words.KINDS`).

    `ids` are the rows; `digests` their SHA-256 after the change, 32 bytes each in the same order, each over a 16-byte salt of `salts` (a
    single one: shared by all) and the columns of `shape`. Salts are no part of the seal: destroying one makes its digest meaningless. `path_first` and `path_last` are the least
    and the greatest path of the rows, so an entry is seen by those who may see all of its rows; they stay as they were when the unit moves. `detail` holds keys and counts only.
    """

    at = models.DateTimeField("时间")
    kind = models.CharField("行为", max_length=20)
    table_name = models.CharField("对象", max_length=63, blank=True)
    rows = models.IntegerField("行数", default=0)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    ids = ArrayField(models.BigIntegerField(), null=True)
    shape = models.IntegerField(null=True)
    digests = models.BinaryField(null=True)
    salts = models.BinaryField(null=True)
    path_first = models.CharField(max_length=200, null=True, db_collation="C")  # noqa: DJ001  # NULL: the rows belong to no unit
    path_last = models.CharField(max_length=200, null=True, db_collation="C")  # noqa: DJ001  # the same
    account = models.BigIntegerField("账号", null=True)
    grant_id = models.BigIntegerField("授权", null=True)
    address = models.CharField("来源地址", max_length=64, blank=True)
    request = models.CharField("请求编号", max_length=64, blank=True)
    detail = models.JSONField(null=True)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["table_name", "low", "high"], name="audit_entry_record"),
            models.Index(fields=["account", "-id"], name="audit_entry_account"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]


class AuditPending(models.Model):
    """Entries that are not sealed yet: an outbox, so that the sealer finds them without searching."""

    entry = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "audit_pending"


class AuditLink(models.Model):
    """The chain: `link` = HMAC(audit key, the link before + the content of the entry). `seq` has no gap, from 1 on."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    link = models.BinaryField()

    class Meta:
        db_table = "audit_link"


class AuditShape(models.Model):
    """The columns a table had when an entry was written, in the order of its digests: a later column breaks no earlier digest."""

    table_name = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))

    class Meta:
        db_table = "audit_shape"
