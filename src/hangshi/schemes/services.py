"""Drafts begun, changed, brought from a file, sent for approval, put in force. Every change passes the loader's first two passes."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from hangshi.approvals import queries as approvals
from hangshi.approvals import services as approving
from hangshi.approvals.models import Approval
from hangshi.packs.models import Pack, Problem
from hangshi.packs.schemes import Scheme
from hangshi.refusal import Refused
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer, collided, sign
from hangshi.schemes.models import Draft, Edition
from hangshi.schemes.queries import content_digest, in_force, text_of
from hangshi.schemes.reading import read
from hangshi.schemes.writing import Writing, begun

FLOW = "scheme_edition"
TABLE = Draft._meta.db_table
MOST_BYTES = 200_000
SHOWN = 20


@transaction.atomic
def begin(pack: Pack, key: str, *, unit: Unit, on: date, actor: int | None) -> Draft:
    """A draft of the next edition, from the words of the one in force at the unit. Raises `Refused`; of two who begin at once, one does."""
    sign(actor)
    scheme, text = in_force(pack, key, unit, on=on), text_of(key, unit, on=on)
    if scheme is None:
        raise Refused("scheme.unknown", f"没有“{key}”这个考评办法。")
    if not text:
        raise Refused("scheme.scattered", f"“{scheme.name}”在规矩包里没有写在一处，不能在页面上改。")
    edition = scheme.edition(on) or scheme.editions[-1]
    text = begun(text, since=on, place=scheme.editions.index(edition))
    draft = Draft(unit=unit, path=unit.path, key=scheme.key, name=scheme.name, text=text, opened_on=on, changed_on=on, recorded_by=actor, changed_by=actor)  # fmt: skip
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        raise collided(error, Refused("scheme.open", f"“{scheme.name}”已经有一份在起草，请接着改那一份。")) from error
    return draft


@transaction.atomic
def change(draft: Draft, how: Callable[[Writing], None], *, revision: int, on: date, actor: int | None) -> Draft:
    """Change the words by `how`. Raises `Refused`, and then the old ones stand; what the rules find is no refusal, it is shown beside."""
    sign(actor)
    draft = _locked(draft)
    check_may_change(draft, revision=revision)
    writing = Writing(draft.text)
    how(writing)
    return _kept(draft, writing.text, on, actor)


@transaction.atomic
def bring(draft: Draft, data: bytes, *, on: date, actor: int | None) -> Draft:
    """Take the words of a file in place of those there. Raises `Refused` with every problem of its form, and then the old ones stand."""
    sign(actor)
    draft = _locked(draft)
    check_may_change(draft, revision=draft.revision)
    text = _decoded(data)
    scheme = _read(text)
    if scheme.key != draft.key:
        raise Refused(
            "scheme.other",
            f"文件里写的是“{scheme.name}”（{scheme.key}），不是这个办法（{draft.key}）。原来的草稿没有动。",
        )
    return _kept(draft, begun(text, since=scheme.editions[0].since, place=0), on, actor)


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Refused("scheme.size", f"文件超过 {MOST_BYTES // 1000} KB，不像是考评办法。原来的草稿没有动。")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        sentence = f"文件不是 UTF-8 编码（第 {error.start} 字节处），请另存为 UTF-8 再传。原来的草稿没有动。"
        raise Refused("scheme.encoding", sentence) from None


def _kept(draft: Draft, text: str, on: date, actor: int | None) -> Draft:
    scheme = _read(text)
    draft.text, draft.name, draft.revision = text, scheme.name, draft.revision + 1
    draft.changed_on, draft.changed_by = on, actor
    draft.save(update_fields=["text", "name", "revision", "changed_on", "changed_by"])
    return draft


def _read(text: str) -> Scheme:
    reading = read(text)
    if reading.scheme is None:
        raise Refused("scheme.shape", told(reading.problems))
    return reading.scheme


def told(problems: Sequence[Problem]) -> str:
    """The first problems, a line each."""
    said = [f"第 {it.line} 行 {it.key}：{it.sentence}（{it.code}）" for it in problems[:SHOWN]]
    more = [f"还有 {len(problems) - SHOWN} 处。"] if len(problems) > SHOWN else []
    return "\n".join(["有这些地方要改，原来的草稿没有动：", *said, *more])


def check_may_change(draft: Draft, *, revision: int) -> None:
    if draft.state != "open":
        raise Refused("scheme.closed", f"“{draft}”的这份草稿已经办结，不能再改；请另起草一份。")
    if draft.revision != revision:
        raise Refused("scheme.changed", "打开这一页以后，别人改过这份草稿。请核对现在的内容，再保存一次。")


@transaction.atomic
def drop(draft: Draft, *, on: date, actor: int | None) -> Draft:
    """Give it up; its words stay on record. Raises `Refused`."""
    sign(actor)
    draft = _locked(draft)
    check_may_change(draft, revision=draft.revision)
    draft.state, draft.changed_on, draft.changed_by = "dropped", on, actor
    draft.save(update_fields=["state", "changed_on", "changed_by"])
    return draft


@transaction.atomic
def ask(draft: Draft, pack: Pack, *, author: Signer, signers: Sequence[Sequence[Signer]], on: date) -> Approval:
    """Submit the draft as it stands for approval by somebody else. Raises `Refused`."""
    draft = _locked(draft)
    check_may_ask(draft)
    return approving.submit(
        pack.approvals[FLOW],
        unit=draft.unit,
        source=TABLE,
        source_id=draft.pk,
        title=f"{draft.name}新的一版",
        digest=content_digest(draft),
        author=author,
        signers=signers,
        on=on,
    )


def check_may_ask(draft: Draft) -> None:
    check_may_change(draft, revision=draft.revision)
    if problems := read(draft.text).problems:
        raise Refused("scheme.problems", f"还有 {len(problems)} 处要改，改好以后才能送审。")


@transaction.atomic
def adopt(draft: Draft, *, on: date, actor: int | None) -> Edition:
    """Put what was approved in force from its own first day, for the unit and all below it. Raises `Refused`."""
    sign(actor)
    draft = _locked(draft)
    scheme = check_may_adopt(draft, on=on)
    edition = scheme.editions[0]
    made = Edition.objects.create(
        unit=draft.unit,
        path=draft.path,
        key=draft.key,
        name=draft.name,
        since=edition.since,
        text=draft.text,
        digest=edition.digest(),
        draft=draft,
        adopted_on=on,
        recorded_by=actor,
    )
    draft.state, draft.changed_on, draft.changed_by = "adopted", on, actor
    draft.save(update_fields=["state", "changed_on", "changed_by"])
    return made


def check_may_adopt(draft: Draft, *, on: date) -> Scheme:
    """What would come into force."""
    check_may_ask(draft)
    approvals.check_holds(FLOW, TABLE, draft.pk, digest=content_digest(draft))
    scheme = _read(draft.text)
    since = scheme.editions[0].since
    if since < on:
        raise Refused(
            "scheme.backwards", f"首日 {since} 已经过去。办法不倒着生效：请把首日改为 {on} 或以后，重新送审。"
        )
    later = Edition.objects.filter(unit=draft.unit, key=draft.key, since__gte=since).order_by("since").first()
    if later is not None:
        raise Refused("scheme.order", f"已有 {later.since} 起的一版，新的一版首日应在它以后。")
    return scheme


def _locked(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).select_related("unit").get(pk=draft.pk)
