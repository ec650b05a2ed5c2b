"""The address of every page."""

from django.urls import include, path

from hangshi.web.views import (
    doors,
    errors,
    findings,
    grants,
    indicators,
    jobs,
    overview,
    records,
    search,
    units,
    visits,
)

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("sign-in/", doors.sign_in, name="sign_in"),
    path("sign-out/", doors.sign_out, name="sign_out"),
    path("switch/", doors.switch, name="switch"),
    path("search/", search.search, name="search"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("indicators/", indicators.index, name="indicators"),
    path("indicators/<slug:key>.xlsx", indicators.export, name="indicator_export"),
    path("indicators/<slug:key>/", indicators.indicator, name="indicator"),
    path("records/<slug:key>.xlsx", records.export, name="records_export"),
    path("records/<slug:key>/", records.records, name="records"),
    path("records/<slug:key>/<int:pk>/", records.record, name="record"),
    path("findings/", findings.index, name="findings"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<slug:key>/", findings.check, name="findings_check"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/stop/", jobs.stop, name="job_stop"),
    path("visits/new/", visits.visit, name="visit"),
    path("grants/", grants.index, name="grants"),
    path("grants/new/", grants.give, name="grant_new"),
    path("grants/<int:pk>/end/", grants.end, name="grant_end"),
    path("delegations/", grants.delegations, name="delegations"),
    path("delegations/new/", grants.delegate, name="delegation_new"),
    path("delegations/<int:pk>/end/", grants.end_delegation, name="delegation_end"),
    path("tokens/", include("hangshi.api.page")),
    path("api/", include("hangshi.api.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.fault
