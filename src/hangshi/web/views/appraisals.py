"""考评: rounds and schemes, the scoring desk, the result with the way of every point to its rows, objections."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hangshi.appraisals import compute, marks, queries, ranking, services
from hangshi.appraisals.marks import By
from hangshi.appraisals.models import Honour, Objection, Round, Sheet
from hangshi.packs.schemes import Scheme
from hangshi.refusal import Refused
from hangshi.registry.models import Person, Unit
from hangshi.schemes import queries as schemes
from hangshi.schemes.models import Edition
from hangshi.web import appraising, period, places, words
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission

SIZE = 50


@permission("appraisals.read")
def index(request: PersonRequest) -> HttpResponse:
    """The rounds that one is in or holds, and the schemes of the packs."""
    rounds = Paginator(Round.objects.order_by("-opened_on", "-pk"), SIZE).get_page(request.GET.get("page"))
    context = {"rounds": rounds, "states": services.STATES, "today": period.today(request.units)}
    known = schemes.schemes_at(words.pack(), request.unit, on=period.today(request.units))
    return render(request, "appraisals.html", context | {"schemes": known.values()})


@permission("appraisals.read")
def scheme(request: PersonRequest, key: str) -> HttpResponse:
    today = period.today(request.units)
    it = _scheme(key, request.unit, today)
    edition = it.edition(today) or it.editions[-1]
    rules = [(part, appraising.rule(part)) for part in edition.criteria]
    context = {"scheme": it, "edition": edition, "rules": rules, "by": appraising.BY, "nature": appraising.NATURE}
    context |= {"headings": {h.key: h for h in edition.headings}, "own": _editions(key, request.unit)}
    return render(request, "appraisal_scheme.html", context)


def _editions(key: str, unit: Unit) -> list[Edition]:
    """Those that were written here or above, the latest first."""
    return [it for it in reversed(schemes.editions(unit)) if it.key == key]


def _scheme(key: str, unit: Unit, on: date) -> Scheme:
    """As it holds for the unit on the day."""
    found = schemes.in_force(words.pack(), key, unit, on=on)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@permission("appraisals.write")
def new(request: PersonRequest, key: str) -> HttpResponse:
    """Begin a round at one's own unit, or at one below it (`?unit=`)."""
    unit, today = places.asked(request.GET, request.unit), period.today(request.units)
    it = _scheme(key, unit, today)
    typed = {"title": f"{today.year}年{it.name}", "first": f"{today.year}-01-01", "last": str(today)}
    refused = ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip() for name in typed}
        try:
            first, last = period.parsed(typed["first"]), period.parsed(typed["last"])
            if first is None or last is None:
                raise Refused("appraisal.dates", "请填写考评起始日和截止日。")
            made = services.open_round(
                _scheme(key, unit, last),
                unit=unit,
                title=typed["title"],
                first=first,
                last=last,
                on=today,
                actor=request.account.pk,
            )
            return redirect("appraisal", pk=made.pk)
        except Refused as error:
            refused = f"没有启动：{error.sentence}"
    context = {"scheme": it, "unit": unit, "typed": typed, "refused": refused}
    return render(request, "appraisal_new.html", context, status=422 if refused else 200)


@permission("appraisals.read")
def round_(request: PersonRequest, pk: int) -> HttpResponse:
    """The round: how far it is, what its sheets came to. Units by peers and place, persons by name."""
    found = get_object_or_404(Round, pk=pk)
    return _round(request, found)


def _round(request: PersonRequest, found: Round, refused: str = "", typed: str = "") -> HttpResponse:
    form, edition = queries.scheme_of(found)
    own = runs(request, found)
    persons = form.subject == "person"
    listed = queries.sheets(found) if persons or found.state in ("open", "checking") else queries.best_first(found)
    page = Paginator(listed, SIZE).get_page(request.GET.get("page"))
    sheets = list(page.object_list)
    for it in sheets:
        it.round = found
    names, persons_ = _names(request, sheets)
    rows = [
        (
            it,
            persons_.get(it.person_id or 0) or names.get(it.unit_id, ""),
            appraising.open_to(it, request.unit.pk, request.grant.person_id),
        )
        for it in sheets
    ]
    context: dict[str, Any] = {
        "round": found, "scheme": form, "edition": edition, "rows": rows, "page": page, "persons": persons, "own": own,
        "state": services.STATES[found.state], "refused": refused, "typed": typed,
        "grades": {it.key: it.name for it in edition.grades}, "until": queries.objections_until(found, form),
    }  # fmt: skip
    if own:
        on_first = sorted(services.STEPS.items(), key=lambda it: it[0] == "reopen")  # going back stands last
        context["steps"] = [(name, it.name) for name, it in on_first if found.state in it.leave]
        context["counts"] = queries.grades(found) if found.computed_on else {}
        context["waiting"] = queries.waiting(found) if found.computed_on else 0
        context["objections"] = list(queries.open_objections(found)[:SIZE])
        context["honours"] = list(
            Honour.objects.filter(sheet__round=found).select_related("sheet").order_by("name", "path")[:SIZE]
        )
        context["units"] = names | _named_units({it.sheet_id for it in context["honours"]})
    return render(request, "appraisal.html", context, status=422 if refused else 200)


def runs(request: PersonRequest, found: Round) -> bool:
    """Whether the round is run from where one acts: the appraised may see it but not move it, and one about members is the branch's alone."""
    if found.unit_id == request.unit.pk:
        return True
    persons = queries.scheme_of(found)[0].subject == "person"
    return not persons and request.grant.line == "place" and found.path.startswith(request.grant.path)


def _names(request: PersonRequest, sheets: list[Sheet]) -> tuple[dict[int, str], dict[int, str]]:
    """Of units and of persons; a member who sees neither register still reads their own name."""
    units = dict(Unit.objects.filter(pk__in={it.unit_id for it in sheets}).values_list("pk", "name"))
    units.setdefault(request.unit.pk, request.unit.name)
    known = {it.person_id for it in sheets if it.person_id is not None}
    persons = dict(Person.objects.filter(pk__in=known).values_list("pk", "name"))
    if request.grant.person_id:
        persons.setdefault(request.grant.person_id, request.account.name)
    return units, persons


def _named_units(sheets: set[int]) -> dict[int, str]:
    return dict(Sheet.objects.filter(pk__in=sheets).values_list("unit_id", "unit__name"))


@require_POST
@permission("appraisals.write")
def step(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    found = get_object_or_404(Round, pk=pk)
    if not runs(request, found):
        raise Http404
    try:
        reason = request.POST.get("reason", "")
        services.step(found, name, on=period.today(request.units), actor=request.account.pk, reason=reason)
    except Refused as error:
        return _round(request, found, f"没有办理：{error.sentence}", request.POST.get("reason", ""))
    return redirect("appraisal", pk=pk)


@permission("appraisals.read")
def verify(request: PersonRequest, pk: int) -> HttpResponse:
    """Compute the round again from what was frozen, and say whether every digit is the same."""
    found = get_object_or_404(Round, pk=pk)
    if not runs(request, found) or not found.digest:
        raise Http404
    return render(request, "appraisal_verify.html", {"round": found, "faults": compute.verify(found)})


@permission("appraisals.read")
def sheet(request: PersonRequest, pk: int) -> HttpResponse:
    return _sheet(request, _sheet_of(pk))


def _sheet_of(pk: int) -> Sheet:
    return get_object_or_404(Sheet.objects.select_related("round"), pk=pk)


def _sheet(request: PersonRequest, found: Sheet, refused: str = "") -> HttpResponse:
    form, edition = queries.scheme_of(found.round)
    person = request.grant.person_id
    lines = appraising.lines(
        found, permissions=request.permissions, unit_id=request.unit.pk, person=person, account=request.account.pk
    )
    names, persons = _names(request, [found])
    visible = appraising.open_to(found, request.unit.pk, person)
    context: dict[str, Any] = {
        "sheet": found, "round": found.round, "scheme": form, "edition": edition, "lines": lines, "visible": visible, "refused": refused,
        "name": persons.get(found.person_id or 0) or names.get(found.unit_id, ""), "state": services.STATES[found.round.state],
        "typed": request.POST, "by": appraising.BY, "nature": appraising.NATURE, "grades": {it.key: it.name for it in edition.grades},
        "objections": list(found.objections.order_by("pk")), "until": queries.objections_until(found.round, form),
        "vetoes": [edition.vetoes.get(it, it) for it in found.inputs.get("vetoes", ())] if visible else [],
        "own": runs(request, found.round),
    }  # fmt: skip
    if visible and found.rank is not None:
        context["flips"] = _flips(found)
    return render(request, "appraisal_sheet.html", context, status=422 if refused else 200)


def _flips(found: Sheet) -> list[tuple[str, str, Any]]:
    """Toward the next above and the next below: the smallest single change of a weight that would turn the two around."""
    _, edition = queries.scheme_of(found.round)
    names = {it.key: it.name for it in edition.criteria}
    above, below = queries.neighbours(found)
    mine, said = queries.outcome_of(found), []
    for word, other in (("前", above), ("后", below)):
        if other is None:
            continue
        pair = (queries.outcome_of(other), mine) if word == "前" else (mine, queries.outcome_of(other))
        turned = ranking.flips(edition, *pair)
        said.append((word, names[turned[0].key] if turned else "", turned[0] if turned else None))
    return said


@require_POST
@permission("appraisals.report")
def report(request: PersonRequest, pk: int) -> HttpResponse:
    """The unit's own ticks on one criterion."""
    return _put(request, pk, "self")


@require_POST
@permission("appraisals.write")
def mark(request: PersonRequest, pk: int) -> HttpResponse:
    """Put checked ticks, a reviewer's mark, counts or elements on one criterion."""
    stance = request.POST.get("stance", "")
    return _put(request, pk, "" if stance == "self" else stance)


def _put(request: PersonRequest, pk: int, stance: str) -> HttpResponse:
    found, by = _sheet_of(pk), By(request.account.pk, request.unit.pk, request.grant.person_id)
    try:
        marks.put(
            found, criterion=request.POST.get("criterion", ""), stance=stance, values=_values(request), by=by,
            on=period.today(request.units), note=request.POST.get("note", ""),
        )  # fmt: skip
    except Refused as error:
        return _sheet(request, found, f"没有保存：{error.sentence}")
    return redirect("appraisal_sheet", pk=pk)


def _values(request: HttpRequest) -> dict[str, Decimal]:
    """What was typed, by part; an empty field says nothing. Raises `Refused` for what is no number."""
    found = {}
    for name, text in request.POST.items():
        if name.startswith("v_") and str(text).strip():
            try:
                found[name[2:]] = Decimal(str(text).strip())
            except InvalidOperation:
                raise Refused("appraisal.value", f"“{text}”不是数。") from None
    return found


@require_POST
@permission("appraisals.report")
def object_to(request: PersonRequest, pk: int) -> HttpResponse:
    found = _sheet_of(pk)
    try:
        services.object_to(
            found, text=request.POST.get("text", ""), criterion=request.POST.get("about", ""),
            on=period.today(request.units), actor=request.account.pk,
        )  # fmt: skip
    except Refused as error:
        return _sheet(request, found, f"没有提交：{error.sentence}")
    return redirect("appraisal_sheet", pk=pk)


@require_POST
@permission("appraisals.write")
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    objection = get_object_or_404(Objection.objects.select_related("sheet__round"), pk=pk)
    found = objection.sheet
    if not runs(request, found.round):
        raise Http404
    try:
        if request.POST.get("upheld") not in ("0", "1"):
            raise Refused("appraisal.upheld_or_not", "请选择异议是否成立。")
        services.answer(
            objection, upheld=request.POST["upheld"] == "1", text=request.POST.get("answer", ""),
            on=period.today(request.units), actor=request.account.pk,
        )  # fmt: skip
    except Refused as error:
        return _sheet(request, found, f"没有答复：{error.sentence}")
    return redirect("appraisal_sheet", pk=found.pk)
