"""走访登记: the visit's own address, which phones keep on their home screen."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from hangshi.web.middleware import PersonRequest
from hangshi.web.permissions import permission
from hangshi.web.views import acts


@require_http_methods(["GET", "POST"])
@permission("visit.write")
def visit(request: PersonRequest) -> HttpResponse:
    return acts.new(request, "activities", "visit")
