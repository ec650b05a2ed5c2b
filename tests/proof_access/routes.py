"""What the matrix asks of every route: with which ids, in the path, the query and the body. A route that is not here fails the suite."""

from dataclasses import dataclass, field

REGISTERS = ("persons", "households", "members", "duties", "activities", "cases", "entries")
TABLE = {  # register → table
    "units": "unit", "persons": "person", "households": "household", "members": "membership", "duties": "duty",
    "activities": "activity", "cases": "case_file", "entries": "entry",
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """One way to ask a route. `{id}` in the address or the body is an id of `table`; without it there is nothing to guess.

    `found`: the status where the row is visible, 0 for anything but the answer for a row that is not; `missing`: the status of that.
    `heavy`: asked with few targets, for the page takes long.
    """

    address: str
    table: str = ""
    body: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    found: int = 200
    missing: int = 404
    heavy: bool = False


UNIT = "unit"
ROUTES: dict[str, tuple[Ask, ...]] = {
    "overview": (Ask("/", heavy=True), Ask("/?unit={id}", UNIT, heavy=True)),
    "sign_in": (),  # public, no id: tests/web/test_doors.py
    "sign_out": (),
    "switch": (Ask("/switch/"), Ask("/switch/", "access_grant:own", {"grant": "{id}"}, "post", 302)),
    "search": tuple(Ask(f"/search/?q={text}") for text in ("鹮b", "人鹮", "户鹮", "y1")),
    "unit": (Ask("/units/{id}/?tab=children", UNIT), Ask("/units/{id}/?tab=persons", UNIT), Ask("/units/{id}/", UNIT, heavy=True)),
    "documents": (Ask("/documents/"),),  # of the packs: the same for everybody
    "rules": (Ask("/rules/"),),
    "indicators": (Ask("/indicators/?unit={id}", UNIT, heavy=True),),
    "indicator": (Ask("/indicators/visits/?unit={id}&from=2017-01-01&to=2017-12-31", UNIT, heavy=True),),
    "indicator_export": (Ask("/indicators/visits.xlsx?unit={id}&from=2017-01-01&to=2017-12-31", UNIT, heavy=True),),
    "records": tuple(
        ask
        for key in ("units", *REGISTERS)
        for ask in (Ask(f"/records/{key}/"), Ask(f"/records/{key}/?unit={{id}}", UNIT, heavy=True))
    ),
    "records_export": tuple(
        ask
        for key in ("units", *REGISTERS)
        for ask in (Ask(f"/records/{key}.xlsx"), Ask(f"/records/{key}.xlsx?unit={{id}}", UNIT, heavy=True))
    ),
    "record": tuple(Ask(f"/records/{key}/{{id}}/", TABLE[key]) for key in REGISTERS),
    "closings": (Ask("/closings/"), Ask("/closings/?unit={id}", UNIT)),
    "closing_new": (Ask("/closings/new/?length=month&day=2017-01-01&unit={id}", UNIT),),
    # No period is closed in the world: tests/closings/test_pages.py asks for one that is out of sight.
    "closing": (Ask("/closings/{id}/", found=404),),
    "closing_reopen": (Ask("/closings/{id}/reopen/", body={"reason": "要改"}, method="post", found=404),),
    "closing_figure": (Ask("/closings/{id}/visits/", found=404),),
    "ledger": (Ask("/ledger/"), Ask("/ledger/?unit={id}", UNIT)),
    "book": (Ask("/ledger/benefit/"), Ask("/ledger/benefit/?unit={id}", UNIT)),
    # No project is opened in the world: tests/projects/test_pages.py asks for one that is out of sight.
    "projects": (Ask("/ledger/projects/"), Ask("/ledger/projects/?unit={id}", UNIT)),
    "project_new": (Ask("/ledger/projects/new/?unit={id}", UNIT),),
    "project": (Ask("/ledger/projects/999999999/", found=404),),
    "project_accept": (Ask("/ledger/projects/999999999/accept/", found=404),),
    "project_act": (Ask("/ledger/projects/999999999/paid/", found=404),),
    "project_undo": (Ask("/ledger/projects/lines/999999999/undo/", found=404),),
    "project_voucher": (Ask("/ledger/projects/lines/999999999/voucher/", found=404),),
    # No shares are registered in the world: tests/shares/test_pages.py asks for a change and a dividend that are out of sight.
    "shares": (Ask("/ledger/shares/"), Ask("/ledger/shares/?unit={id}", UNIT)),
    "share_register": (Ask("/ledger/shares/{id}/", "unit:village"),),
    "share_act": (Ask("/ledger/shares/{id}/decide/", "unit:village"),),
    "share_undo": (Ask("/ledger/shares/changes/999999999/undo/", found=404),),
    "dividend_new": (Ask("/ledger/shares/{id}/dividends/new/", "unit:village"),),
    "dividend": (Ask("/ledger/dividends/999999999/", found=404),),
    "dividend_act": (Ask("/ledger/dividends/999999999/approve/", found=404),),
    "dividend_sheet": (Ask("/ledger/dividends/999999999.xlsx", found=404),),
    "chain": (Ask("/ledger/chains/party_work_fund/"), Ask("/ledger/chains/party_work_fund/?unit={id}", UNIT)),
    "tier": (Ask("/ledger/tiers/collective_income/"), Ask("/ledger/tiers/collective_income/?unit={id}", UNIT)),
    "entitlement": (Ask("/ledger/entitlements/nothing/", found=404),),  # the packs of the world have none: tests/entitlements
    "corrections": (Ask("/ledger/corrections/"), Ask("/ledger/corrections/?unit={id}", UNIT)),
    # No flag is held in the world: tests/flagpay/test_pages.py asks for sheets and lines that are out of sight.
    "flag_pay": (Ask("/ledger/flag-pay/"), Ask("/ledger/flag-pay/?unit={id}", UNIT)),
    "flag_pay_new": (Ask("/ledger/flag-pay/new/?unit={id}", UNIT),),
    "flag_pay_gaps": (Ask("/ledger/flag-pay/gaps/"), Ask("/ledger/flag-pay/gaps/?unit={id}", UNIT)),
    "flag_pay_reverse": (Ask("/ledger/flag-pay/paid/999999999/reverse/", found=404),),
    "flag_pay_workbook": (Ask("/ledger/flag-pay/sheets/999999999.xlsx", found=404),),
    "flag_pay_sheet": (Ask("/ledger/flag-pay/sheets/999999999/", found=404),),
    "flag_pay_act": (Ask("/ledger/flag-pay/sheets/999999999/approve/", found=404),),
    # No points are proposed in the world: tests/web/test_points_pages.py asks for accounts and proposals that are out of sight.
    "points": (Ask("/points/"), Ask("/points/?kind=household_points")),
    "points_todo": (Ask("/points/todo/"),),
    "points_approve": (Ask("/points/approve/"),),
    "points_notice": (Ask("/points/member_points/notice/"), Ask("/points/household_points/notice/")),
    "point_new": (Ask("/points/member_points/new/"),),
    # An account is there for the unit that keeps it alone: for everybody else it is not there, though they see the person.
    "point_account": (Ask("/points/household_points/999999999/", found=404),),
    "point_redeem": (Ask("/points/household_points/999999999/redeem/", found=404),),
    "point_give_back": (Ask("/points/redemptions/999999999/undo/", found=404),),
    "point_proposal": (Ask("/points/proposals/999999999/", found=404),),
    "point_act": (Ask("/points/proposals/999999999/approve/", found=404),),
    "reports": (Ask("/reports/"), Ask("/reports/?unit={id}", UNIT, heavy=True)),
    # On the Party line a number may be missing, and then the report is refused in words: anything but “not found”.
    "report": (Ask("/reports/secretary_report/?unit={id}", UNIT, heavy=True, found=0),),
    "report_docx": (Ask("/reports/secretary_report.docx?unit={id}", UNIT, heavy=True, found=0),),
    "report_table": (Ask("/reports/tables/duties_monthly/?unit={id}", UNIT, heavy=True),),
    "report_table_workbook": (Ask("/reports/tables/duties_monthly.xlsx?unit={id}", UNIT, heavy=True),),
    "wall": (Ask("/wall/?unit={id}", UNIT, heavy=True),),
    "visit": (
        Ask("/visits/new/"),
        Ask("/visits/new/?household={id}", "household", missing=200),
        Ask(
            "/visits/new/",
            "household",
            {"household": "{number}", "leader": "{somebody}", "day": "{today}"},
            "post",
            0,
            422,
        ),
    ),
    "duplicates": (Ask("/duplicates/"),),
    "duplicates_look": (Ask("/duplicates/look/", method="post", found=302),),
    # No pair is found in the world: tests/duplicates/test_pages.py asks for one that is out of sight.
    "duplicate": (Ask("/duplicates/999999999/", found=404), Ask("/duplicates/999999999/", method="post", found=404)),
    "duplicate_join": (Ask("/duplicates/999999999/join/", method="post", found=404),),
    "duplicate_part": (Ask("/duplicates/999999999/part/", method="post", found=404),),
    "comparisons": (Ask("/comparisons/"),),
    "comparison_new": (
        Ask("/comparisons/new/"),
        Ask("/comparisons/new/", UNIT, {"unit": "y", "unit_id": "{id}"}, "post", 422, 422),
    ),
    # No list is compared in the world: tests/rosters/test_pages.py asks for one that is out of sight.
    "comparison": (Ask("/comparisons/999999999/", found=404),),
    "comparison_match": (Ask("/comparisons/999999999/match/", method="post", found=404),),
    "comparison_faults": (Ask("/comparisons/999999999/faults.xlsx", found=404),),
    "comparison_erase": (Ask("/comparisons/999999999/erase/", method="post", found=404),),
    "comparison_rows": (Ask("/comparisons/999999999/rows/possible/", found=404),),
    "comparison_judge": (Ask("/comparisons/999999999/judge/999999999/", method="post", found=404),),
    "comparison_export": (Ask("/comparisons/999999999/findings/supported.xlsx", found=404),),
    "comparison_findings": (Ask("/comparisons/999999999/findings/supported/", found=404),),
    "handoffs": (Ask("/handoff/"), Ask("/handoff/?unit={id}", UNIT)),
    "handoff_new": (Ask("/handoff/new/?unit={id}", UNIT),),
    # Nothing was handed on in the world: tests/handoff/test_pages.py asks for one that is out of sight.
    "handoff": (Ask("/handoff/999999999/", found=404),),
    "handoff_send": (Ask("/handoff/999999999/send/", method="post", found=404),),
    "handoff_file": (Ask("/handoff/999999999/file/", found=404),),
    "handoff_receipt": (Ask("/handoff/999999999/receipt/", method="post", found=404),),
    "handoff_withdraw": (Ask("/handoff/999999999/withdraw/", method="post", found=404),),
    "handoff_finish": (Ask("/handoff/999999999/finish/", method="post", found=404),),
    "forms": (Ask("/forms/"), Ask("/forms/?unit={id}", UNIT)),
    "form_new": (Ask("/forms/new/"),),
    # There is no form in the world: tests/forms/test_pages.py asks for one that is out of sight.
    "form": (Ask("/forms/999999999/", found=404),),
    "form_confirm": (Ask("/forms/999999999/confirm/", method="post", found=404),),
    "form_list": (Ask("/forms/999999999/list.xlsx", found=404),),
    "form_filled": (Ask("/forms/999999999/filled.xlsx", found=404),),
    "demands": (Ask("/demands/"), Ask("/demands/?unit={id}", UNIT)),
    "demand_new": (Ask("/demands/new/"), Ask("/demands/new/?unit={id}", UNIT)),
    # Nothing is demanded in the world: tests/demands/test_pages.py asks for one that is out of sight.
    "demand": (Ask("/demands/999999999/", found=404),),
    "demand_items": (Ask("/demands/999999999/items/", method="post", found=404),),
    "demand_judge": (Ask("/demands/999999999/judge/", method="post", found=404),),
    "demand_merge": (Ask("/demands/999999999/merge/", found=404),),
    "demand_fill": (Ask("/demands/999999999/fill/", found=404),),
    "demand_collected": (Ask("/demands/999999999/collected/", found=404),),
    "relief": (Ask("/relief/"), Ask("/relief/?unit={id}", UNIT)),
    "fillings": (Ask("/relief/fillings/"), Ask("/relief/fillings/?unit={id}", UNIT)),
    "filling": (Ask("/relief/fillings/999999999/", found=404),),
    "demand_act": (Ask("/demands/999999999/submit/", found=404),),
    "intake": (Ask("/intake/"),),
    "intake_new": (Ask("/intake/new/"), Ask("/intake/new/", UNIT, {"unit": "y", "unit_id": "{id}"}, "post", 422, 422)),
    "intake_one": (Ask("/intake/999999999/", found=404),),  # imports are an account's own: tests/intake/test_pages.py
    "intake_match": (Ask("/intake/999999999/match/", method="post", found=404),),
    "intake_commit": (Ask("/intake/999999999/commit/", method="post", found=404),),
    "intake_undo": (Ask("/intake/999999999/undo/", method="post", found=404),),
    "intake_refused": (Ask("/intake/999999999/refused.xlsx", found=404),),
    "grants": (Ask("/grants/"),),
    "grant_person": (
        Ask("/grants/person/"),
        Ask("/grants/person/", "access_grant:unit", {"username": "off", "person": "无此人", "unit": "{id}"}, "post", 422, 422),
    ),
    "grant_new": (
        Ask("/grants/new/"),
        Ask("/grants/new/", "access_grant:unit", {"username": "off", "role": "reader", "unit": "{id}", "since": "{today}"}, "post", 422, 422),
    ),
    "grant_end": (Ask("/grants/{id}/end/", "access_grant:manage", {}, "post", 0),),
    "delegations": (Ask("/delegations/"),),
    "delegation_new": (
        Ask("/delegations/new/"),
        Ask(
            "/delegations/new/",
            UNIT,
            {"username": "off", "role": "reader", "unit": "{id}", "since": "{today}", "until": "{today}"},
            "post",
            422,
            422,  # the account is out of use: nothing is written, and the unit is judged last
        ),
    ),
    "delegation_end": (Ask("/delegations/{id}/end/", "access_grant:given", {}, "post", 0),),
    "reveal": (Ask("/personal/{id}/reveal/", "person"),),
    "findings": (Ask("/findings/"), Ask("/findings/?unit={id}", UNIT, heavy=True)),
    "jobs": (Ask("/jobs/"),),
    "claims": (Ask("/claims/"),),
    "account": (Ask("/account/"),),
    "inbox": (Ask("/inbox/"),),
    "inbox_tab": tuple(Ask(f"/inbox/{tab}/") for tab in ("todo", "review", "done", "started", "messages")),
    "inbox_count": (),  # for everybody under a grant, no id: tests/web/test_inbox_pages.py
    "messages_read": (),  # one's own, no id
    "approvals": tuple(Ask(f"/approvals/?tab={tab}") for tab in ("waiting", "answered", "submitted", "all")),
    "approval": (Ask("/approvals/999999/", found=404),),  # the world has none: tests/web/test_approval_pages.py
    "approval_act": (Ask("/approvals/999999/approve/", found=404),),
    "attachment": (Ask("/attachments/999999/", found=404),),  # tests/web/test_files_pages.py
    "evidence": (Ask("/evidence/999999/", found=404),),
    "board": (Ask("/board/"), Ask("/board/?unit={id}", UNIT)),
    "batches": (Ask("/board/batches/?unit={id}", UNIT),),
    "overdue": (Ask("/board/overdue/?unit={id}", UNIT),),
    "letter": (Ask("/letters/999999/", found=404),),  # tests/web/test_board_pages.py
    "calendar": (Ask("/calendar/"), Ask("/calendar/?month=2017-05&unit={id}", UNIT, heavy=True)),
    "plan_new": (Ask("/plans/new/?unit={id}", UNIT),),
    "plan": (Ask("/plans/999999/", found=404),),  # tests/web/test_schedule_pages.py
    "plan_change": (Ask("/plans/999999/notify/", found=404),),
    "feed_new": (Ask("/feeds/new/?unit={id}", UNIT, {}, "post", 0),),
    "feed_revoke": (Ask("/feeds/999999/revoke/", body={}, method="post", found=404),),
    "feed": (),  # public, the secret is the key: tests/web/test_schedule_pages.py
    "channels": (Ask("/channels/"),),
    "channel_stop": (Ask("/channels/999999/stop/", body={}, method="post", found=404),),
    "draws": (Ask("/draws/"), Ask("/draws/?unit={id}", UNIT)),
    "draw_new": (Ask("/draws/new/"),),
    "draw_new_way": (Ask("/draws/new/pairing/"), Ask("/draws/new/ring/"), Ask("/draws/new/nothing/", found=404)),
    "draw": (Ask("/draws/999999/", found=404),),  # tests/web/test_draw_pages.py
    "calls": (Ask("/draws/999999/calls/team_calls/", found=404),),  # tests/web/test_call_pages.py
    "call": (Ask("/draws/999999/calls/team_calls/1/", found=404),),
    "responsibility": (Ask("/chain/"), Ask("/chain/?unit={id}", UNIT)),
    "joint_set": (Ask("/chain/joint/nothing/", found=404),),  # tests/web/test_chain_pages.py
    "strands": (Ask("/chain/strands/nothing/", found=404),),  # tests/web/test_chain_pages.py
    "rolls": (Ask("/rolls/"), Ask("/rolls/?unit={id}", UNIT, heavy=True)),
    "draw_hold": (Ask("/draws/999999/hold/", found=404),),
    "draw_share": (Ask("/draws/999999/share/", found=404),),
    "draw_proof": (Ask("/draws/999999.json", found=404),),
    "batch_new": (
        Ask("/board/batches/problem/new/"),
        Ask("/board/batches/problem/new/?unit={id}", UNIT, heavy=True),
        Ask("/board/batches/nothing/new/", found=404),
    ),
    "duties": (Ask("/duties/"), Ask("/duties/?unit={id}", UNIT, heavy=True)),
    "roster": (
        Ask("/duties/pairing/"),
        Ask("/duties/pairing/?by=bearer"),
        Ask("/duties/pairing/?unit={id}", UNIT, heavy=True),
    ),
    "roster_workbook": (Ask("/duties/pairing.xlsx"), Ask("/duties/pairing.xlsx?unit={id}", UNIT, heavy=True)),
    "required_set": (Ask("/duties/sets/nothing/", found=404),),  # the packs of the world have none: tests/web/test_duty_pages.py
    "tenures": (Ask("/tenures/"), Ask("/tenures/?unit={id}", UNIT, heavy=True)),
    "study": (Ask("/study/"), Ask("/study/?for=rural_member")),
    "study_plan": (Ask("/study/plan/"),),
    # Nothing is studied in the world: what is out of sight is asked in tests/study.
    "study_intent_done": (Ask("/study/plan/999999999/done/", method="post", found=404),),
    "study_intent_drop": (Ask("/study/plan/999999999/drop/", method="post", found=404),),
    "study_list_new": (Ask("/study/lists/new/"),),
    "study_list": (Ask("/study/lists/999999999/", found=404),),
    "study_material_new": (Ask("/study/materials/new/"),),
    "study_material": (Ask("/study/materials/999999999/", found=404),),
    "study_material_file": (Ask("/study/materials/999999999/file/", found=404),),
    "study_material_step": (Ask("/study/materials/999999999/publish/", method="post", found=404),),
    "study_bank": (Ask("/study/questions/"),),
    "study_question_new": (Ask("/study/questions/new/"),),
    "study_question_retire": (Ask("/study/questions/999999999/retire/", method="post", found=404),),
    "study_paper_new": (Ask("/study/papers/new/"),),
    "study_paper": (Ask("/study/papers/999999999/", found=404),),
    "study_quizzes": (Ask("/study/quizzes/"),),
    "study_quiz_new": (Ask("/study/quizzes/new/"),),
    "study_quiz": (Ask("/study/quizzes/999999999/", found=404),),
    "study_quiz_close": (Ask("/study/quizzes/999999999/close/", method="post", found=404),),
    "study_sheet": (Ask("/study/sheets/999999999/", found=404),),
    "study_answer": (Ask("/study/sheets/999999999/answers/1/", method="post", found=404),),
    "study_hand_in": (Ask("/study/sheets/999999999/hand-in/", method="post", found=404),),
    "study_mark": (Ask("/study/answers/999999999/mark/", method="post", found=404),),
    "study_trainings": (Ask("/study/trainings/"),),
    "study_training_new": (Ask("/study/trainings/new/"),),
    "study_training": (Ask("/study/trainings/999999999/", found=404),),
    "study_quota": (Ask("/study/trainings/999999999/quotas/", method="post", found=404),),
    "study_training_step": (Ask("/study/trainings/999999999/open/", method="post", found=404),),
    "study_name": (Ask("/study/quotas/999999999/names/", method="post", found=404),),
    "study_attend": (Ask("/study/trainees/999999999/", method="post", found=404),),
    "honours": (Ask("/honours/"), Ask("/honours/?unit={id}", UNIT)),
    "honour_round": (Ask("/honours/rounds/{id}/", "appraisal_round"),),
    "honour_act": (Ask("/honours/rounds/{id}/hold/", "appraisal_round:run"),),
    # Nothing is held in the world: tests/appraisals/test_honour_pages.py asks for a flag that is another's.
    "honour_withdraw": (Ask("/honours/999999999/withdraw/", found=404),),
    # No unit of the world answers by a list: tests/responsibility/test_pages.py asks for those out of sight.
    "duty_lists": (Ask("/responsibility/"),),
    "duty_list": (Ask("/responsibility/county_duties/999999999/", found=404),),
    "duty_list_report": (Ask("/responsibility/county_duties/999999999/item_1_1/report/", method="post", found=404),),
    "duty_list_verify": (Ask("/responsibility/county_duties/999999999/verify/1/", method="post", found=404),),
    "appraisals": (Ask("/appraisals/"),),
    "appraisal_scheme": (Ask("/appraisals/schemes/five_outcomes/"),),
    "appraisal_new": (Ask("/appraisals/schemes/five_outcomes/new/?unit={id}", UNIT),),
    # There is no draft and no edition in the world: tests/schemes/test_pages.py asks for those out of sight.
    "scheme_begin": (Ask("/appraisals/schemes/nothing/draft/", method="post", found=404),),
    "scheme_edition_file": (Ask("/appraisals/editions/999999999/file/", found=404),),
    "scheme_drafts": (Ask("/appraisals/drafts/"),),
    "scheme_draft": (Ask("/appraisals/drafts/999999999/", found=404),),
    "scheme_frame": (Ask("/appraisals/drafts/999999999/frame/", found=404),),
    "scheme_weigh": (Ask("/appraisals/drafts/999999999/weights/", method="post", found=404),),
    "scheme_sum": (Ask("/appraisals/drafts/999999999/sum/", method="post", found=404),),
    "scheme_preview": (Ask("/appraisals/drafts/999999999/preview/", found=404),),
    "scheme_file": (Ask("/appraisals/drafts/999999999/file/", found=404),),
    "scheme_bring": (Ask("/appraisals/drafts/999999999/bring/", method="post", found=404),),
    "scheme_ask": (Ask("/appraisals/drafts/999999999/ask/", found=404),),
    "scheme_adopt": (Ask("/appraisals/drafts/999999999/adopt/", method="post", found=404),),
    "scheme_drop": (Ask("/appraisals/drafts/999999999/drop/", method="post", found=404),),
    "scheme_criterion": (Ask("/appraisals/drafts/999999999/criteria/a/", found=404),),
    "scheme_shift": (Ask("/appraisals/drafts/999999999/criteria/a/up/", method="post", found=404),),
    "appraisal": (Ask("/appraisals/{id}/", "appraisal_round"),),
    "appraisal_verify": (Ask("/appraisals/{id}/verify/", "appraisal_round:run", found=404),),  # nothing is computed yet
    "appraisal_step": (Ask("/appraisals/{id}/nothing/", "appraisal_round:run", {}, "post", 422),),
    "appraisal_sheet": (Ask("/appraisals/sheets/{id}/", "appraisal_sheet"),),
    "appraisal_report": (Ask("/appraisals/sheets/{id}/report/", "appraisal_sheet", {}, "post", 422),),
    "appraisal_mark": (Ask("/appraisals/sheets/{id}/mark/", "appraisal_sheet", {}, "post", 422),),
    "appraisal_object": (Ask("/appraisals/sheets/{id}/object/", "appraisal_sheet", {}, "post", 422),),
    "appraisal_answer": (Ask("/appraisals/objections/999999999/answer/", method="post", found=404),),
    "tokens/": (Ask("/tokens/"),),
    "tokens/<int:pk>/revoke/": (Ask("/tokens/999999/revoke/", body={}, method="post", found=404),),  # one's own: tests/api/test_tokens.py
}  # fmt: skip
# Routes that the matrix does not ask yet, by how their names begin, and the tests that ask them for foreign rows. It may only shrink.
ELSEWHERE = {
    "api/": "test_api_matrix.py, which fails on an operation that it does not ask",
    "sign_in": "tests/accounts: nobody is signed in yet",
    "sso": "tests/accounts",
    "account_": "tests/accounts: one's own",
    "account_of": "tests/accounts",
    "confirm": "tests/accounts",
    "end_": "tests/accounts: one's own sessions",
    "finding": "tests/web/test_findings_pages.py",
    "job": "tests/web/test_jobs_pages.py",
    "recordable": "tests/web/test_recording.py",
    "new": "tests/web/test_recording.py",
    "act": "tests/web/test_acting.py",
    "choose": "tests/web/test_choosing.py",
    "person_file": "tests/privacy",
    "revealed": "tests/privacy",
    "audit": "tests/audit",
    "claim_bind": "tests/claims",
    "report_issue": "tests/reports: the form, what was issued, its file",
    "report_verify": "tests/reports: a file is brought, no id",
}
