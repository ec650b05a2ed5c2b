"""账号与安全: one's own password, second factor and sessions; and those of others for a security administrator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hangshi.access import factors, log, sessions, signin
from hangshi.access.models import Account, Session
from hangshi.access.services import at_the_door
from hangshi.refusal import Refused
from hangshi.web import session
from hangshi.web.address import caller
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission, signed_in
from hangshi.web.recent import question, recent
from hangshi.web.views.doors import offered, onwards, refused, safe_target, typed_twice

OWN = "one's own account, whatever the role"
EVENTS = 20  # shown of one's own


@require_GET
@signed_in(OWN)
def account(request: PersonRequest) -> HttpResponse:
    row = _row(request)
    living = sessions.living(now=session.held(request).now).filter(account_id=row.account_id).order_by("-seen")
    context = {
        "sessions": living,
        "events": [(it, log.WORDS.get(it.kind, it.kind)) for it in log.of(row.account_id, newest=EVENTS)],
        "current": row.pk,
        "enrolled": factors.enrolled(row.account),
        "left": factors.left(row.account),
        "since": row.account.password_since,
        "own_password": row.account.has_usable_password(),
    }
    return render(request, "account.html", context)


@require_http_methods(["GET", "POST"])
@signed_in(OWN)
def password(request: PersonRequest) -> HttpResponse:
    """The old password is asked on the form itself."""
    row, held = _row(request), session.held(request)
    if request.method == "POST":
        try:
            chosen = typed_twice(request)
            signin.confirm(row, request.POST.get("old", ""), caller=caller(request), now=held.now)
            entered = signin.choose_password(row, chosen, caller=caller(request), now=held.now)
        except Refused as refusal:
            return refused(request, "account_new_password.html", {"own": True}, refusal)
        return onwards(request, entered, "/account/")
    return render(request, "account_new_password.html", {"own": True})


@require_http_methods(["GET", "POST"])
@signed_in(OWN)
@recent
def factor(request: PersonRequest) -> HttpResponse:
    """Enrol a telephone, or another one; the one before holds until the new one has given a code."""
    row, held = _row(request), session.held(request)
    if request.method != "POST":
        return render(request, "account_enrol.html", {"own": True})
    if "code" not in request.POST:
        return render(request, "account_enrol.html", offered(row) | {"own": True})
    try:
        entered, codes = signin.enrol(row, request.POST["code"], caller=caller(request), now=held.now)
    except Refused as refusal:
        return refused(request, "account_enrol.html", offered(row) | {"own": True}, refusal)
    response = render(request, "account_codes.html", {"codes": codes, "onwards": "/account/"})
    session.write(request, response, entered)
    return response


@require_POST
@signed_in(OWN)
@recent
def codes(request: PersonRequest) -> HttpResponse:
    """Ten new recovery codes; the old ones are void."""
    row = _row(request)
    if not factors.enrolled(row.account):
        raise Refused("factor.none", "还没有启用二次验证，不需要备用码。")
    with at_the_door():
        drawn = factors.draw_recovery_codes(row.account)
        log.event("recovery_codes_drawn", row.account_id, caller=caller(request))
    return render(request, "account_codes.html", {"codes": drawn, "onwards": "/account/"})


@require_POST
@signed_in(OWN)
def end_session(request: PersonRequest, pk: int) -> HttpResponse:
    row, held = _row(request), session.held(request)
    ended = get_object_or_404(sessions.living(now=held.now), pk=pk, account_id=row.account_id)
    sessions.end(ended, now=held.now)
    log.event("session_ended", row.account_id, caller=caller(request), session=pk)
    return redirect("account")


@require_POST
@signed_in(OWN)
def end_others(request: PersonRequest) -> HttpResponse:
    row = _row(request)
    sessions.end_all(row.account_id, now=session.held(request).now, but=row.pk, caller=caller(request))
    return redirect("account")


@require_http_methods(["GET", "POST"])
@signed_in(OWN)
def confirm(request: PersonRequest) -> HttpResponse:
    """Asked before a page is shown; a form that is asked carries its own question (see `recent`)."""
    target = safe_target(request) or "/account/"
    if request.method != "POST":
        return question(request, next_=target)
    try:
        answer = request.POST.get("confirm_answer", "")
        signin.confirm(_row(request), answer, caller=caller(request), now=session.held(request).now)
    except Refused as refusal:
        return question(request, wrong=refusal.sentence, next_=target)
    return redirect(target)


@require_http_methods(["GET", "POST"])
@permission("accounts.sessions")
@recent
def other(request: PersonRequest, pk: int) -> HttpResponse:
    """A security administrator ends somebody's sessions, or takes away a lost telephone."""
    somebody, held = get_object_or_404(Account, pk=pk), session.held(request)
    if request.method == "POST":
        with at_the_door():
            if request.POST.get("what") == "factor":
                factors.remove(somebody.pk)
            sessions.end_all(somebody.pk, now=held.now)
            kind = "factor_removed" if request.POST.get("what") == "factor" else "sessions_ended_by_administrator"
            log.event(kind, request.account.pk, caller=caller(request), account=somebody.pk)
        return redirect("account_of", pk=pk)
    living = sessions.living(now=held.now).filter(account_id=pk).order_by("-seen")
    return render(request, "account_of.html", {"somebody": somebody, "sessions": living})


def _row(request: HttpRequest) -> Session:
    row = session.held(request).row
    if row is None:
        raise Refused("account.session", "登录已经失效，请重新登录。")
    return row
