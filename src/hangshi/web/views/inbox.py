"""待办、待审核活动、已办、我发起的、消息."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hangshi.notices import inbox, queries, telling
from hangshi.web import desk, period
from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission, signed_in

TABS = {"todo": "待办", "review": "待审核活动", "done": "已办", "started": "我发起的", "messages": "消息"}
SIZE = 50
MANY = 99


@permission("records.read")
def show(request: PersonRequest, tab: str = "todo") -> HttpResponse:
    """Fifty a page; the tab says which list."""
    if tab not in TABS:
        raise Http404
    today, reader = period.today(request.units), desk.reader(request)
    context = {"tab": tab, "tabs": TABS, "title": TABS[tab], "today": today}
    if tab == "messages":
        mine = Paginator(queries.messages(request.account.pk), SIZE).get_page(request.GET.get("page"))
        told = queries.told(list(mine), hidden=desk.hidden(request))
        return render(request, "messages.html", context | {"page": mine, "told": told})
    lists: dict[str, Callable[[], inbox.Rows]] = {
        "todo": lambda: inbox.todo(reader, on=today),
        "review": lambda: inbox.to_review(reader, on=today),
        "done": lambda: inbox.done(reader),
        "started": lambda: inbox.started(reader),
    }
    found = lists[tab]()
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    lines = desk.lines(inbox.items(page), today=today)
    return render(request, "inbox.html", context | {"page": page, "lines": lines})


@signed_in("the menu of every page asks; without records.read there is nothing to count")
def count(request: PersonRequest) -> HttpResponse:
    """How much waits, for the menu: asked after the page is there, so that no page waits for it."""
    if "records.read" not in request.permissions:
        return HttpResponse("")
    waiting = inbox.todo(desk.reader(request), on=period.today(request.units))[: MANY + 1].count()
    return render(
        request, "_count.html", {"waiting": waiting, "most": MANY, "unread": queries.unread(request.account.pk)}
    )


@require_POST
@signed_in("one's own messages")
def read(request: PersonRequest) -> HttpResponse:
    telling.mark_read(request.account.pk)
    return redirect("inbox_tab", "messages")
