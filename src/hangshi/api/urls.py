"""The address of every call. The door in front of them lets in; the pages' own sign-in does not apply."""

from django.urls import path

from hangshi.api import definitions, figures, people, records, units  # noqa: F401  # they declare their operations
from hangshi.api.calls import PREFIX, router
from hangshi.api.openapi import ABOUT, Api, Readable, SaidBody
from hangshi.web.permissions import public

api = Api(
    title="夯实 接口",
    version="1",
    description=ABOUT,
    docs_url=None,  # its page loads scripts from elsewhere; docs/api.md is for people
    openapi_url="/openapi.json",
    parser=SaidBody(),
    renderer=Readable(),
    urls_namespace="api",
)
api.add_router("", router)
OPEN = frozenset({f"{PREFIX}/openapi.json"})

patterns, app_name, namespace = api.urls
for pattern in patterns:
    if view := pattern.callback:
        public("hangshi.api.door asks for a token")(view)
urlpatterns = [path("v1/", (patterns, app_name, namespace))]
