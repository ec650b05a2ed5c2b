"""积分: the accounts of one's own unit, what is shown there, what waits, one account line by line, one proposal with what is done to it."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hangshi.ledger import accounts, points, rewards, terms
from hangshi.ledger.models import Entry, PointProposal
from hangshi.packs.models import EntryKind
from hangshi.registry.models import Household, Person, Unit
from hangshi.registry.reach import roots
from hangshi.web import names, sent, telling, words
from hangshi.web.acts import points as acts
from hangshi.web.acts.shape import Scene
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views.acts import scene_of

SIZE = 50
ORDERS = {"name": "按姓名", "branch": "按支部"}


@permission("points.read")
def index(request: PersonRequest) -> HttpResponse:
    """One's own; and for those who do something about them the accounts of `?kind=` kept at their unit, by name or by branch."""
    kinds, scene = _kinds(request), _scene(request)
    own = _own(scene, kinds)
    if "points.write" not in request.permissions:
        return render(request, "points_own.html", {"own": own})
    kind = kinds.get(request.GET.get("kind", ""), next(iter(kinds.values()), None))
    if kind is None:
        raise Http404
    by = "branch" if request.GET.get("by") == "branch" and kind.subject == "person" else "name"
    found, text = accounts.holders(kind, request.unit, scene.today), request.GET.get("q", "").strip()[:64]
    if text:
        found = found.filter(**{f"{'head' if kind.subject == 'household' else 'name'}__contains": text})
    found = found.order_by("branch", "name", "pk") if by == "branch" else found
    context: dict[str, Any] = {"kinds": kinds, "kind": kind, "by": by, "orders": ORDERS, "tab": "points", "text": text}
    context["page"] = Paginator(found, SIZE).get_page(request.GET.get("page"))
    return render(request, "points.html", context | _counts(request, scene) | {"own": own})


@permission("points.write")
def notice(request: PersonRequest, key: str) -> HttpResponse:
    """公示: what is shown on the day, to be printed and put up; only points given stand on it."""
    kind, scene = _kind(request, key), _scene(request)
    found = list(accounts.notice(kind, request.unit, scene.today))
    context = {"kinds": _kinds(request), "kind": kind, "found": found, "today": scene.today, "tab": "notice"}
    return render(request, "points_notice.html", context | _counts(request, scene))


@permission("points.write")
def todo(request: PersonRequest) -> HttpResponse:
    """What was shown to its end and waits for somebody else's word, and the appeals that wait for an answer."""
    scene = _scene(request)
    due = accounts.undecided(request.unit, scene.today)
    page = Paginator(due, SIZE).get_page(request.GET.get("page"))
    appealed = list(accounts.unanswered(request.unit, scene.today)[:SIZE])
    by = names.accounts([it.proposed_by for it in (*page.object_list, *appealed)])
    context: dict[str, Any] = {"page": page, "appealed": appealed, "by": by, "tab": "todo", "kinds": _kinds(request)}
    context["mine"] = _approvable(scene, due).count() if scene.may("points.approve") else 0
    return render(request, "points_todo.html", context | _counts(request, scene))


@require_http_methods(["GET", "POST"])
@permission("points.approve")
def approve_all(request: PersonRequest) -> HttpResponse:
    """Post everything that was shown to its end and that this account may decide on."""
    scene = _scene(request)
    due = accounts.undecided(request.unit, scene.today)
    count, back = _approvable(scene, due).count(), reverse("points_todo")

    def post(said: dict[str, Any]) -> Unit:
        points.approve_all(due, on=scene.today, by=acts.by(scene))
        return request.unit

    tells = (
        f"公示期满、没有待答复申诉的{count}笔一并入账，入账日期{scene.today}。自己提出的、本人的不在其中，由别人审核。"
    )
    form = Form([], sent.posted(request), {})
    more: dict[str, Any] = {"title": "期满的一并入账", "back": back, "heading": "待办积分", "tells": tells}
    return sent.form_page(request, form, post, then=lambda unit: back, closed=not count, button="一并入账", **more)


@require_http_methods(["GET", "POST"])
@permission("points.write")
def new(request: PersonRequest, key: str) -> HttpResponse:
    scene = replace(_scene(request), kind=_kind(request, key))
    members = None
    if request.grant.line == "party":
        members = accounts.people_of(request.unit, scene.today).order_by("name", "pk")
    form = Form(acts.new_fields(scene, members), sent.posted(request), request.GET.dict())
    tells = f"从提出当天起公示{scene.kind.shown_days}天，期满由另一人审核入账。扣分只告知本人，不上公示榜。"
    more: dict[str, Any] = {
        "title": f"提出{scene.kind.name}",
        "back": _list(scene.kind),
        "heading": "积分",
        "tells": tells,
    }
    return sent.form_page(request, form, lambda said: acts.propose(scene, request.unit, said), **more)


@permission("points.read")
def account(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    """One account: every entry with what it rests on and the balance after it, and what is proposed and not yet posted."""
    kind, scene = _kind(request, key), _scene(request)
    subject = _subject(request, scene, kind, pk)
    page = Paginator(accounts.running(key, subject), SIZE).get_page(request.GET.get("page"))
    open_ = list(accounts.of_subject(key, subject).exclude(state="posted")[:SIZE])
    context: dict[str, Any] = {"kind": kind, "subject": subject, "page": page, "states": points.STATES}
    context["lines"] = accounts.lines(list(page.object_list))
    context["by"] = names.accounts([it.entry.recorded_by for it in context["lines"]])
    context |= {"balance": points.balance(key, subject), "open": open_, "home": _home(request, subject)}
    context["may"] = scene.may("points.write") and acts.kept_at(request.unit, subject, scene)
    context["gone"] = {it.entry.reverses_id for it in context["lines"]}
    return render(request, "points_account.html", context)


@require_http_methods(["GET", "POST"])
@permission("points.write")
def redeem(request: PersonRequest, key: str, pk: int) -> HttpResponse:
    scene = replace(_scene(request), kind=_kind(request, key))
    subject = _subject(request, scene, scene.kind, pk)
    if not acts.kept_at(request.unit, subject, scene):
        raise Http404
    left = rewards.left(scene.kind, subject.unit_id)
    form = Form(acts.redeem_fields(scene, left), sent.posted(request), request.GET.dict())
    back = reverse("point_account", args=[key, pk])
    more: dict[str, Any] = {"title": "登记兑换", "back": back, "heading": f"{subject}的{scene.kind.name}"}
    more["tells"] = f"现有{points.balance(key, subject).normalize():f}分。兑换当面登记，登记以后扣分。"
    return sent.form_page(request, form, lambda said: acts.redeem(scene, subject, said), then=lambda made: back, **more)


@require_http_methods(["GET", "POST"])
@permission("points.write")
def give_back(request: PersonRequest, pk: int) -> HttpResponse:
    """Undo a redemption."""
    entry, scene = get_object_or_404(Entry, pk=pk, source=points.REDEEMED, reverses=None), _scene(request)
    back = reverse("point_account", args=[entry.kind, entry.person_id or entry.household_id])
    form = Form([acts.REASON], sent.posted(request), {})

    def undo(said: dict[str, Any]) -> Entry:
        return rewards.give_back(entry, on=scene.today, reason=said["reason"], actor=scene.actor)

    more: dict[str, Any] = {"title": "撤销兑换", "back": back, "heading": entry.note, "tells": "分退回账户，库存加回。"}
    return sent.form_page(request, form, undo, then=lambda made: back, **more)


@permission("points.read")
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """What is proposed, on what ground, by whom, and what was said to it."""
    found = _proposal(pk)
    scene = _scene_of(request, found)
    acted = (found.proposed_by, found.decided_by, found.appealed_by, found.answered_by)
    known = names.accounts(acted)
    context: dict[str, Any] = {"it": found, "kind": scene.kind, "state": points.STATES[found.state]}
    context["by"] = {pk: known.get(pk, telling.OUTSIDE) if pk else "系统" for pk in acted}
    context["acts"] = [it for it in acts.ACTS.values() if scene.may(it.permission) and it.offered(scene)]
    context["subject"] = _named(request, scene, found)
    table, _, number = found.cause.partition(":")
    register = {"activity": "activities", "case_file": "cases"}.get(table, "")
    context["ground"] = reverse("record", args=[register, number]) if register and scene.may("records.read") else ""
    return render(request, "points_proposal.html", context)


@require_http_methods(["GET", "POST"])
@permission("points.read")  # each act asks for a permission of its own
def act(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    it = acts.ACTS.get(name)
    if it is None:
        raise Http404
    found = _proposal(pk)
    scene = _scene_of(request, found)
    if not scene.may(it.permission):
        raise PermissionDenied
    form = Form(it.fields(scene), sent.posted(request), request.GET.dict())
    more: dict[str, Any] = {"title": it.title, "back": telling.address(found), "heading": str(found)}
    more |= {"tells": it.tells(scene), "button": it.title, "closed": request.method == "GET" and not it.offered(scene)}
    return sent.form_page(request, form, partial(it.run, scene), **more)


def _scene(request: PersonRequest) -> Scene:
    """Whoever acts, as the person they are, though their grant should not say so."""
    scene = scene_of(request)
    return replace(scene, today=_today(request, scene), person=scene.person or request.account.person_id)


def _today(request: PersonRequest, scene: Scene) -> date:
    """A member, and who acts on the Party line, sees no unit that says the day of the data; the place of the pack does."""
    if any("report_day" in it.extra for it in request.units):
        return scene.today
    days = (it.day for it in roots(words.pack()) if it.day and request.unit.path.startswith(it.path))
    return next(days, scene.today)


def _scene_of(request: PersonRequest, found: PointProposal) -> Scene:
    if found.kind not in words.pack().kinds.entry:
        raise Http404
    return replace(_scene(request), record=found, kind=terms.at(words.pack(), found.kind, found.path))


def _proposal(pk: int) -> PointProposal:
    return get_object_or_404(PointProposal, pk=pk)


def _kinds(request: PersonRequest) -> dict[str, EntryKind]:
    return terms.accounts(words.pack(), request.unit.path)


def _kind(request: PersonRequest, key: str) -> EntryKind:
    found = _kinds(request).get(key)
    if found is None:
        raise Http404
    return found


def _list(kind: EntryKind) -> str:
    return f"{reverse('points')}?kind={kind.key}"


def _subject(request: PersonRequest, scene: Scene, kind: EntryKind, pk: int) -> points.Subject:
    """Whose account is kept at one's own unit, or is one's own; else there is none, rather than an empty one."""
    found: points.Subject = (
        get_object_or_404(Household, pk=pk) if kind.subject == "household" else get_object_or_404(Person, pk=pk)
    )
    if not acts.kept_at(request.unit, found, scene) and not (isinstance(found, Person) and found.pk == scene.person):
        raise Http404
    return found


def _home(request: PersonRequest, subject: points.Subject) -> str:
    home = Unit.objects.filter(pk=subject.unit_id).first()
    return home.name if home else request.unit.name


def _named(request: PersonRequest, scene: Scene, found: PointProposal) -> str:
    """A name that the reader may see, though the row of it should lie outside their scope."""
    if found.person_id is None:
        return str(found.household or "")
    if found.person_id == scene.person:
        return "本人"
    return names.persons([found.person_id]).get(found.person_id, telling.OUTSIDE)


def _own(scene: Scene, kinds: dict[str, EntryKind]) -> list[tuple[EntryKind, Any]]:
    """One's own accounts, with what is in them."""
    me = Person.objects.filter(pk=scene.person).first() if scene.person else None
    return [(kind, (me, points.balance(key, me))) for key, kind in kinds.items() if me and kind.subject == "person"]


def _counts(request: PersonRequest, scene: Scene) -> dict[str, int]:
    """What waits, for the tab."""
    on = scene.today
    return {"waiting": accounts.undecided(request.unit, on).count() + accounts.unanswered(request.unit, on).count()}


def _approvable(scene: Scene, due: Any) -> Any:
    return points.may_be_approved(due, on=scene.today, by=acts.by(scene))
