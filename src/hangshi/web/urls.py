"""The address of every page."""

from django.urls import path

from hangshi.web.views import claims, doors, errors, indicators, overview, records, search, units, visits

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
    path("claims/", claims.check, name="claims"),
    path("claims/bind/", claims.bind, name="claim_bind"),
    path("visits/new/", visits.visit, name="visit"),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.fault
