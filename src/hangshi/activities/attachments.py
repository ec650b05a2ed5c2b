"""Files of an activity: offered, never demanded."""

from django.db import IntegrityError, transaction

from hangshi.activities.models import Activity, Attachment
from hangshi.files import store
from hangshi.packs.models import ActivityKind
from hangshi.refusal import Refused
from hangshi.registry.signing import collided, sign

MOST = 20
UNSEEN = dict.fromkeys([*range(32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@transaction.atomic
def attach(kind: ActivityKind, activity: Activity, *, data: bytes, name: str, actor: int | None) -> Attachment:
    """Keep the file and hang it on the activity. Raises `Refused`; a file kept for a refused attachment is one nobody is shown."""
    sign(actor)
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    check_may_attach(kind, activity, name=name)
    kept = store.keep(data)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                activity=activity,
                path=activity.path,
                sha256=kept.sha256,
                name=_shown(name),
                media=kept.media,
                size=kept.size,
                recorded_by=actor,
            )
    except IntegrityError as error:
        raise collided(error, Refused("attachment.known", "这个文件已经在附件中。")) from error


def check_may_attach(kind: ActivityKind, activity: Activity, *, name: str) -> None:
    if kind.number_only:
        raise Refused("attachment.number_only", f"{kind.name}只记一个数，不附照片和材料，以免带出人名。")
    if activity.state == "accepted":
        raise Refused("attachment.fixed", "此次活动已认定，不能再改动附件。")
    if not _shown(name):
        raise Refused("attachment.name", "请填写附件名称。")
    if activity.attachments.filter(taken_off=False).count() >= MOST:
        raise Refused("attachment.most", f"一次活动最多{MOST}个附件。")


@transaction.atomic
def take_off(attachment: Attachment, *, actor: int | None) -> Attachment:
    """It is no longer shown; the row stays. Raises `Refused`."""
    sign(actor)
    attachment = Attachment.objects.select_for_update(of=("self",)).select_related("activity").get(pk=attachment.pk)
    if attachment.activity.state == "accepted":
        raise Refused("attachment.fixed", "此次活动已认定，不能再改动附件。")
    attachment.taken_off = True
    attachment.save(update_fields=["taken_off"])
    return attachment


def _shown(name: str) -> str:
    """The last part of the name as typed, without characters that hide or turn the others."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].translate(UNSEEN).strip()[:120]
