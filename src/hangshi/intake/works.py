"""The long steps of an import, done by the worker as the asker."""

from django.utils import timezone

from hangshi.access.roles import pack
from hangshi.access.scope import EVERYTHING, acting
from hangshi.intake import services
from hangshi.intake.models import Intake
from hangshi.intake.queries import of_account
from hangshi.jobs.kinds import Answer, Teller, each_minute, work
from hangshi.refusal import Refused


@work("intake.check")
def check(teller: Teller, *, account: int, intake: int) -> Answer:
    done = services.check(pack(), _own(account, intake), on=timezone.localdate(), account=account, tell=teller.tell)
    said = done.counts
    sentence = f"共 {said['rows']:,} 行：新增 {said['new']:,}，变动 {said['changed']:,}，相同 {said['same']:,}，不合格 {said['refused']:,}。还没有写入，请查看后决定。"
    return {"href": f"/intake/{intake}/", "sentence": sentence}


@work("intake.commit")
def commit(teller: Teller, *, account: int, intake: int, way: str) -> Answer:
    done = services.commit(
        pack(), _own(account, intake), way=way, on=timezone.localdate(), account=account, tell=teller.tell
    )
    sentence = f"已写入：新增 {done.counts['new']:,}，变动 {done.counts['changed']:,}；不合格的 {done.counts['refused']:,} 行没有写入。"
    return {"href": f"/intake/{intake}/", "sentence": sentence}


@work("intake.undo")
def undo(teller: Teller, *, account: int, intake: int) -> Answer:
    rows = services.undo(pack(), _own(account, intake), on=timezone.localdate(), account=account)
    return {"href": f"/intake/{intake}/", "sentence": f"已撤销这次导入，涉及 {rows:,} 条记录。"}


def _own(account: int, intake: int) -> Intake:
    found = of_account(account).filter(pk=intake).first()
    if found is None:
        raise Refused("intake.unknown", "找不到这次导入。")
    return found


@each_minute
def forget() -> None:
    """Uploaded files do not stay."""
    with acting(EVERYTHING):
        services.forget_old()
