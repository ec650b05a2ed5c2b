"""考评办法的起草: a draft as a tree of criteria, edited one at a time; its problems beside their place; previewed, approved, put in force."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.approvals import queries as approvals
from hangshi.approvals.asking import asked
from hangshi.approvals.services import STATES
from hangshi.packs.models import Problem
from hangshi.packs.schemes import Scheme
from hangshi.refusal import Refused
from hangshi.schemes import queries, services
from hangshi.schemes.models import Draft, Edition
from hangshi.schemes.preview import last_round, preview
from hangshi.schemes.reading import read
from hangshi.schemes.writing import Writing
from hangshi.web import desk, period, scheme_changes, scheme_form, sent, words
from hangshi.web.acts.approvals import over, signer_field
from hangshi.web.appraising import BY, COMBINE, MISSING, NATURE, rule
from hangshi.web.forms import Form
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.scheme_form import Typed

ADDED = "criterion_new"  # in an address, the criterion that is not there yet
SHOWN = 200
DRAFT_STATES = {"open": "起草中", "adopted": "已启用", "dropped": "已放弃"}


@dataclass
class Panel:
    """The form that stands beside the tree: of a criterion (`key`), or of the frame (`key` empty)."""

    key: str
    typed: Typed
    problems: dict[str, list[str]] = field(default_factory=dict)

    @property
    def new(self) -> bool:
        return self.key == ADDED


@require_GET
@permission("appraisals.read")
def index(request: PersonRequest) -> HttpResponse:
    """What is being drafted here and below, and what is in force from here or from above."""
    context = {
        "drafts": list(queries.drafts(request.unit)[:SHOWN]),
        "editions": [(it, it.unit_id == request.unit.pk) for it in reversed(queries.editions(request.unit))],
        "today": period.today(request.units),
    }
    return render(request, "scheme_drafts.html", context)


@require_POST
@permission("schemes.write")
def begin(request: PersonRequest, key: str) -> HttpResponse:
    """A draft of the scheme at one's own unit; where one is open already, that one."""
    today = period.today(request.units)
    if queries.in_force(words.pack(), key, request.unit, on=today) is None:
        raise Http404
    held = Draft.objects.filter(unit=request.unit.pk, key=key, state="open").first()
    made = held or services.begin(words.pack(), key, unit=request.unit, on=today, actor=request.account.pk)
    return redirect("scheme_draft", pk=made.pk)


@require_GET
@permission("appraisals.read")
def draft(request: PersonRequest, pk: int) -> HttpResponse:
    return _editor(request, _seen(pk))


def _seen(pk: int) -> Draft:
    return get_object_or_404(Draft.objects.select_related("unit"), pk=pk)


def _own(request: PersonRequest, pk: int) -> Draft:
    """A draft of the unit where one acts: a superior reads it, but does not write in it."""
    found = _seen(pk)
    if found.unit_id != request.unit.pk:
        raise Http404
    return found


def _scheme(found: Draft) -> Scheme:
    scheme = queries.scheme_of(found)
    if scheme is None:  # a key that a later version of the program no longer knows
        raise Refused("scheme.unreadable", f"“{found}”的内容现在读不出来：{services.told(read(found.text).problems)}")
    return scheme


def _editor(request: PersonRequest, found: Draft, panel: Panel | None = None, refused: str = "") -> HttpResponse:
    scheme = _scheme(found)
    edition, problems = scheme.editions[0], read(found.text).problems
    own = found.unit_id == request.unit.pk and "schemes.write" in request.permissions and found.state == "open"
    asked_for = approvals.of_record(services.TABLE, found.pk).first()
    context: dict[str, Any] = {
        "draft": found, "scheme": scheme, "edition": edition, "own": own, "panel": panel, "refused": refused,
        "headings": {it.key: it for it in edition.headings}, "rules": {it.key: rule(it) for it in edition.criteria},
        "state": DRAFT_STATES[found.state], "by": BY, "nature": NATURE, "problems": problems,
        "beside": beside(problems, scheme), "sum": scheme_form.summed(edition), "shown": scheme_form.text,
        "changes": scheme_changes.since_in_force(found, period.today(request.units)),
        "approval": asked_for, "approval_states": STATES,
        "holds": asked_for is not None and asked_for.digest == queries.content_digest(found),
    }  # fmt: skip
    return render(request, "scheme_draft.html", context | _choices(scheme), status=422 if refused else 200)


def beside(problems: tuple[Problem, ...], scheme: Scheme) -> dict[str, list[Problem]]:
    """Key of a criterion → its problems; under the empty key those of the frame and of the whole."""
    found: dict[str, list[Problem]] = {}
    for it in problems:
        parts = it.key.split(".")
        inside = len(parts) > 5 and parts[4] == "criteria" and parts[5].isdigit()
        key = scheme.editions[0].criteria[int(parts[5])].key if inside else ""
        found.setdefault(key, []).append(it)
    return found


def _by_field(problems: list[Problem], skip: int) -> dict[str, list[str]]:
    """The first words of the keys, after `skip` of them, → sentences."""
    found: dict[str, list[str]] = {}
    for it in problems:
        parts = it.key.split(".")[skip:]
        found.setdefault(parts[0] if parts else "", []).append(it.sentence)
    return found


def _choices(scheme: Scheme) -> dict[str, Any]:
    """What may be chosen in the forms, and their lists."""
    pack = words.pack()
    return {
        "form": scheme_form, "combine": COMBINE, "missing": MISSING, "peers": scheme_changes.PEERS, "shapes": scheme_changes.SHAPES,
        "indicators": [("", "请选择"), *sorted(((key, it.name) for key, it in pack.indicators.items()), key=lambda it: it[1])],
        "books": [("", "请选择"), *((key, it.name) for key, it in pack.kinds.entry.items())],
        "unit_kinds": [("", "不分"), *((key, it.name) for key, it in pack.kinds.unit.items())],
        "heading_options": [("", "不归大项"), *((it.key, it.name) for it in scheme.editions[0].headings)],
        "kind_names": [words.label("unit", kind) for kind in scheme.unit_kinds],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@permission("schemes.write")
def criterion(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """One criterion as a form. Asked by htmx with what was typed, the form alone again: `by` decides what it asks."""
    found = _own(request, pk)
    scheme = _scheme(found)
    held = next((it for it in scheme.editions[0].criteria if it.key == key), None)
    if held is None and key != ADDED:
        raise Http404
    if request.method == "POST":
        return _save_criterion(request, found, key, scheme)
    typed = Typed(_lists(request.GET)) if "by" in request.GET else scheme_form.criterion_inputs(held)
    panel = Panel(key, typed, _by_field(beside(read(found.text).problems, scheme).get(key, []), 6))
    if request.headers.get("HX-Request") == "true":
        context = {"draft": found, "panel": panel, "edition": scheme.editions[0], "by": BY, "nature": NATURE}
        answer = render(request, "_scheme_criterion.html", context | _choices(scheme))
    else:
        answer = _editor(request, found, panel)
    answer["Vary"] = "HX-Request"
    return answer


def _save_criterion(request: PersonRequest, found: Draft, key: str, scheme: Scheme) -> HttpResponse:
    typed = Typed(_lists(request.POST))
    own = scheme_form.new_key(scheme.editions[0]) if key == ADDED else key
    data = scheme_form.criterion_data(typed, own)
    return _saved(request, found, Panel(key, typed), lambda writing: writing.put_criterion(own, data), f"#c-{own}")


def _lists(said: Any) -> dict[str, list[str]]:
    return {name: list(values) for name, values in said.lists()}


def _saved(request: PersonRequest, found: Draft, panel: Panel | None, how: Any, back: str = "") -> HttpResponse:
    """Change the draft by `how` and go back to it; refused, the panel comes again with all that was typed."""
    typed = panel.typed if panel else Typed({})
    if typed.errors:
        return _editor(request, found, panel, f"没有保存：有 {len(typed.errors)} 处要改，填过的都还在。")
    said = request.POST.get("revision", "")
    try:
        revision = int(said) if said.isdecimal() and len(said) < 10 else -1
        services.change(found, how, revision=revision, on=period.today(request.units), actor=request.account.pk)
    except Refused as refused:
        found.refresh_from_db()
        return _editor(request, found, panel, f"没有保存：{refused.sentence}")
    return redirect(reverse("scheme_draft", args=[found.pk]) + back)


@require_http_methods(["GET", "POST"])
@permission("schemes.write")
def frame(request: PersonRequest, pk: int) -> HttpResponse:
    """Name, first day, peers, headings, grades, vetoes: all but the criteria."""
    found = _own(request, pk)
    scheme = _scheme(found)
    if request.method == "GET":
        problems = beside(read(found.text).problems, scheme).get("", [])
        inside = {**_by_field(problems, 2), **_by_field([it for it in problems if ".editions.0." in it.key], 4)}
        return _editor(request, found, Panel("", scheme_form.scheme_inputs(scheme), inside))
    typed = Typed(_lists(request.POST))
    of_scheme, of_edition = scheme_form.scheme_data(typed)

    def put(writing: Writing) -> None:
        writing.put_scheme(of_scheme)
        writing.put_edition(of_edition)

    return _saved(request, found, Panel("", typed), put)


@require_POST
@permission("schemes.write")
def shift(request: PersonRequest, pk: int, key: str, name: str) -> HttpResponse:
    """Move a criterion up or down, or take it out."""
    moves = {
        "up": lambda writing: writing.shift(key, -1),
        "down": lambda writing: writing.shift(key, 1),
        "out": lambda writing: writing.take_out(key),
    }
    found = _own(request, pk)
    known = [it.key for it in _scheme(found).editions[0].criteria]
    if name not in moves or key not in known:
        raise Http404
    return _saved(request, found, None, moves[name], f"#c-{key}" if name != "out" else "")


@require_POST
@permission("schemes.write")
def weigh(request: PersonRequest, pk: int) -> HttpResponse:
    """All weights at once."""
    found = _own(request, pk)
    typed = Typed(_lists(request.POST))
    said = scheme_form.weights(typed, _scheme(found).editions[0])
    if typed.errors:
        return _editor(request, found, refused="没有保存：" + "".join(typed.errors.values()))
    return _saved(request, found, None, lambda writing: writing.weigh(said), "#weights")


@require_POST
@permission("schemes.write")
def total(request: PersonRequest, pk: int) -> HttpResponse:
    """What the weights come to as they are typed; what is no number counts as it was."""
    edition = _scheme(_own(request, pk)).editions[0]
    said = scheme_form.weights(Typed(_lists(request.POST)), edition)
    return render(request, "_scheme_sum.html", {"sum": scheme_form.summed(edition, said), "nature": NATURE, "shown": scheme_form.text})  # fmt: skip


@require_GET
@permission("appraisals.read")
def try_out(request: PersonRequest, pk: int) -> HttpResponse:
    """What the last round would have come to by the draft. Nothing is written."""
    found = _seen(pk)
    scheme = _scheme(found)
    round_ = last_round(found.key, found.unit)
    made = preview(scheme, round_) if round_ else None
    names = {it.key: it.name for it in scheme.editions[0].grades}
    return render(request, "scheme_preview.html", {"draft": found, "made": made, "grades": names, "most": SHOWN})


@require_GET
@permission("appraisals.read")
def file(request: PersonRequest, pk: int) -> HttpResponse:
    found = _seen(pk)
    return _toml(found.text, f"{found.name}-草稿.toml")


@require_GET
@permission("appraisals.read")
def edition_file(request: PersonRequest, pk: int) -> HttpResponse:
    it = get_object_or_404(Edition, pk=pk)
    return _toml(it.text, f"{it.name}-{it.since}.toml")


def _toml(text: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


@require_POST
@permission("schemes.write")
def bring(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a file in place of what is written; refused, what is written stands."""
    found = _own(request, pk)
    brought = request.FILES.get("file")
    try:
        if brought is None:
            raise Refused("scheme.none", "请先选一个文件（toml）。")
        data = brought.read(services.MOST_BYTES + 1)
        services.bring(found, data, on=period.today(request.units), actor=request.account.pk)
    except Refused as refused:
        found.refresh_from_db()
        return _editor(request, found, refused=f"没有收下这个文件：{refused.sentence}")
    return redirect("scheme_draft", pk=found.pk)


@require_http_methods(["GET", "POST"])
@permission("schemes.write")
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Who is asked to approve it."""
    found = _own(request, pk)
    flow, me = words.pack().approvals[services.FLOW], desk.signer(request)
    candidates = [[it for it in over(found.unit, step.permission) if it.account != me.account] for step in flow.steps]
    asks = [signer_field(number, step, known) for number, (step, known) in enumerate(zip(flow.steps, candidates, strict=True))]  # fmt: skip
    form = Form(asks, sent.posted(request), {})

    def submit(said: dict[str, Any]) -> Any:
        chosen = [
            [asked(it) for it in known if str(it.account) in said[f"step{number}"]]
            for number, known in enumerate(candidates)
        ]
        return services.ask(found, words.pack(), author=me, signers=chosen, on=period.today(request.units))

    tells = "审批期间内容有改动的，审批作废。起草人不能审定自己起草的办法。"
    back = reverse("scheme_draft", args=[found.pk])
    return sent.form_page(request, form, submit, title="提交审定", back=back, heading=found.name, tells=tells)


@require_POST
@permission("schemes.write")
def adopt(request: PersonRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    try:
        services.adopt(found, on=period.today(request.units), actor=request.account.pk)
    except Refused as refused:
        return _editor(request, found, refused=f"没有启用：{refused.sentence}")
    return redirect("scheme_drafts")


@require_POST
@permission("schemes.write")
def drop(request: PersonRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    services.drop(found, on=period.today(request.units), actor=request.account.pk)
    return redirect("scheme_drafts")
