"""The address of every page."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from hangshi.web.registers import REGISTERS
from hangshi.web.views import (
    account,
    acts,
    audit,
    claims,
    documents,
    doors,
    errors,
    findings,
    grants,
    indicators,
    jobs,
    overview,
    personal,
    records,
    rules,
    search,
    sso,
    units,
    visits,
)


class RegisterKey(StringConverter):
    """The key of a register that there is: so that an address says whether it leads to a list."""

    regex = "|".join(REGISTERS)


register_converter(RegisterKey, "register")
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("sign-in/", doors.sign_in, name="sign_in"),
    path("sign-in/code/", doors.code, name="sign_in_code"),
    path("sign-in/enrol/", doors.enrol, name="sign_in_enrol"),
    path("sign-in/password/", doors.password, name="sign_in_password"),
    path("sign-in/sso/", sso.go, name="sso_go"),
    path("sign-in/sso/back/", sso.back, name="sso_back"),
    path("sign-out/", doors.sign_out, name="sign_out"),
    path("switch/", doors.switch, name="switch"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="account_password"),
    path("account/factor/", account.factor, name="account_factor"),
    path("account/codes/", account.codes, name="account_codes"),
    path("account/confirm/", account.confirm, name="confirm"),
    path("account/sessions/end/", account.end_others, name="end_others"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="end_session"),
    path("accounts/<int:pk>/", account.other, name="account_of"),
    path("search/", search.search, name="search"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("indicators/", indicators.index, name="indicators"),
    path("indicators/<slug:key>.xlsx", indicators.export, name="indicator_export"),
    path("indicators/<slug:key>/", indicators.indicator, name="indicator"),
    path("records/new/", acts.recordable, name="recordable"),
    path("records/<slug:key>.xlsx", records.export, name="records_export"),
    path("records/<register:key>/", records.records, name="records"),
    path("records/<slug:key>/<int:pk>/", records.record, name="record"),
    path("documents/", documents.index, name="documents"),
    path("findings/", findings.index, name="findings"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<slug:key>/", findings.check, name="findings_check"),
    path("rules/", rules.index, name="rules"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/stop/", jobs.stop, name="job_stop"),
    path("records/<slug:key>/new/", acts.new, name="new"),
    path("records/<slug:key>/<int:pk>/<slug:name>/", acts.act, name="act"),
    path("choose/<slug:what>/<slug:field>/", acts.choose, name="choose"),
    path("personal/<int:pk>/reveal/", personal.ask, name="reveal"),
    path("personal/<int:pk>/file/", personal.file, name="person_file"),
    path("personal/reveals/<int:number>/", personal.shown, name="revealed"),
    path("audit/", audit.log, name="audit"),
    path("claims/", claims.check, name="claims"),
    path("claims/bind/", claims.bind, name="claim_bind"),
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
