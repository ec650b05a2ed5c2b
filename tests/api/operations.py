"""Every operation once: its permission, a call that succeeds, and one that is refused for its own reason.

`{name}` in a path or a body stands for the id of that name in the land. Written out here, so that a test never asks the code what to expect.
"""

from dataclasses import dataclass
from typing import Any

OCT_30 = "2017-10-30"


@dataclass(frozen=True)
class Operation:
    """`needs` "" means any token. `says`: fields of the answer (or of its first item). `refused`: (path, body, status, code)."""

    name: str
    needs: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    status: int = 200
    says: tuple[tuple[str, Any], ...] = ()
    refused: tuple[str, dict[str, Any] | None, int, str] | None = None


def read(name: str, needs: str, path: str, refused: tuple[str, int, str], /, **says: Any) -> Operation:
    where, status, code = refused
    return Operation(name, needs, "GET", path, None, 200, tuple(says.items()), (where, None, status, code))


def write(
    name: str,
    needs: str,
    path: str,
    body: dict[str, Any],
    refused: tuple[dict[str, Any], int, str],
    /,
    *,
    status: int = 201,
    **says: Any,
) -> Operation:
    """Refused is the same call with the fields of `refused` changed."""
    changed, said, code = refused
    return Operation(name, needs, "POST", path, body, status, tuple(says.items()), (path, body | changed, said, code))


RECORDS, FIGURES = "records.read", "figures.read"
MISSPELT = (400, "request.parameter")
NONE = (404, "not_found")
YEAR = "?from=2017-01-01&to=2017-10-31"

ALL = (
    read("get_me", "", "/me", ("/me?x=1", *MISSPELT), name="试", role="city_clerk"),
    read("list_packs", "", "/packs", ("/packs?x=1", *MISSPELT), key="base", name="全国通用"),
    read(
        "list_kinds",
        "",
        "/packs/kinds",
        ("/packs/kinds?x=1", *MISSPELT),
        family="unit",
        key="private_enterprise",
        name="非公企业",
    ),
    read("list_units", RECORDS, "/units?q=东湾", ("/units?cursor=xx", 409, "cursor.unknown"), name="东湾村"),
    read("get_unit", RECORDS, "/units/{东湾村}", ("/units/987654", *NONE), name="东湾村", kind="village"),
    read(
        "list_unit_children",
        RECORDS,
        "/units/{汉滨区}/children?on=2017-06-01",
        ("/units/{汉滨区}/children?on=2017-13-01", 400, "request.values"),
        name="关庙镇",
    ),
    read("list_persons", RECORDS, "/persons?q=王建国", ("/persons?limit=201", 400, "request.values"), name="王建国"),
    read("get_person", RECORDS, "/persons/{王建国}", ("/persons/987654", *NONE), name="王建国", cadre="organ"),
    read("list_households", RECORDS, "/households?q=李一", ("/households?unit=987654", *NONE), head="李一"),
    read(
        "get_household", RECORDS, "/households/{李一}", ("/households/987654", *NONE), number="H1", status="registered"
    ),
    read(
        "list_memberships",
        RECORDS,
        "/memberships?open=true",
        ("/memberships?open=1", 400, "request.values"),
        status="full",
    ),
    read(
        "get_membership", RECORDS, "/memberships/{王建国的组织关系}", ("/memberships/987654", *NONE), category="rural"
    ),
    read(
        "list_duties",
        RECORDS,
        "/duties?kind=first_secretary",
        ("/duties?to=x", 400, "request.values"),
        bearer_name="王建国",
    ),
    read("get_duty", RECORDS, "/duties/{责任}", ("/duties/987654", *NONE), kind="first_secretary", since="2017-01-01"),
    read(
        "list_activities",
        RECORDS,
        "/activities" + YEAR,
        ("/activities?from=1000-01-01", 409, "period.far"),
        kind="visit",
    ),
    read("get_activity", RECORDS, "/activities/{走访}", ("/activities/987654", *NONE), day="2017-01-01", present=1),
    read("list_cases", RECORDS, "/cases?kind=weak_branch", ("/cases?kind=a&kind=b", *MISSPELT), title="整顿东湾村"),
    read("get_case", RECORDS, "/cases/{整顿}", ("/cases/987654", *NONE), stage="screened", closed_on=None),
    read("list_entries", RECORDS, "/entries", ("/entries?limit=0", 400, "request.values"), amount="1200.00"),
    read("get_entry", RECORDS, "/entries/{收入}", ("/entries/987654", *NONE), amount="1200.00", reverses=None),
    read("list_indicators", FIGURES, "/indicators", ("/indicators?x=1", *MISSPELT), key="demands"),
    read(
        "get_indicator", FIGURES, "/indicators/visits", ("/indicators/nothing", *NONE), name="走访次数", time="within"
    ),
    read(
        "get_value",
        FIGURES,
        "/indicators/visits/value" + YEAR,
        ("/indicators/visits/value?from=2017-02-01&to=2017-01-01", 409, "period.order"),
        value="1",
        unit_name="安康市",
    ),
    read(
        "list_values_of_children",
        FIGURES,
        "/indicators/visits/children" + YEAR,
        ("/indicators/nothing/children", *NONE),
        unit_name="汉滨区",
        value="1",
    ),
    read(
        "list_values_of_months",
        FIGURES,
        "/indicators/visits/months?to=2017-12-31",
        ("/indicators/visits/months?to=", 400, "request.values"),
        first="2017-01-01",
        last="2017-01-31",
        value="1",
    ),
    read(
        "list_rows", RECORDS, "/indicators/visits/rows" + YEAR, ("/indicators/nothing/rows", *NONE), total=1, next=None
    ),
    write(
        "create_unit",
        "unit.write",
        "/units",
        {"kind": "village", "name": "新湾村", "parent": "{关庙镇}", "on": OCT_30},
        ({"parent": "{汉滨区}"}, 409, "unit.parent_kind"),
        name="新湾村",
        since=OCT_30,
    ),
    write(
        "rename_unit",
        "unit.write",
        "/units/{东湾村}/rename",
        {"name": "东湾社区", "on": OCT_30},
        ({"name": " "}, 409, "unit.name"),
        status=200,
        name="东湾社区",
    ),
    write(
        "move_unit",
        "unit.write",
        "/units/{空村}/move",
        {"parent": "{大河镇}", "on": OCT_30},
        ({"on": "2016-01-01"}, 409, "unit.not_yet"),
        status=200,
        name="空村",
    ),
    write(
        "merge_unit",
        "unit.write",
        "/units/{空村}/merge",
        {"into": "{东湾村}", "on": OCT_30},
        ({"into": "{空村}"}, 409, "unit.itself"),
        status=200,
        name="东湾村",
    ),
    write(
        "close_unit",
        "unit.write",
        "/units/{空村}/close",
        {"on": OCT_30},
        ({"on": "2016-01-01"}, 409, "unit.not_yet"),
        status=200,
        until=OCT_30,
    ),
    write(
        "set_household_status",
        "register.write",
        "/households/{李一}/status",
        {"status": "lifted", "on": OCT_30, "ground": "公示"},
        ({"status": "rich"}, 409, "kind.unknown"),
        status=200,
        status_="lifted",
    ),
    write(
        "assign_duty",
        "duty.write",
        "/duties",
        {"kind": "pairing", "bearer": {"person": "{王建国}"}, "target": {"household": "{李一}"}, "on": OCT_30},
        ({"target": {"unit": "{东湾村}", "household": "{李一}"}}, 409, "duty.subject"),
        kind="pairing",
        bearer_name="王建国",
    ),
    write(
        "end_duty",
        "duty.write",
        "/duties/{责任}/end",
        {"on": OCT_30, "reason": "term"},
        ({"reason": "tired"}, 409, "duty.reason"),
        status=200,
        until=OCT_30,
        end_reason="term",
    ),
    write(
        "record_activity",
        "activity.write",
        "/activities",
        {
            "kind": "theme_day",
            "unit": "{东湾村党支部}",
            "on": OCT_30,
            "leader": "{王建国}",
            "attendance": [{"person": "{王建国}", "state": "present"}],
        },
        ({"leader": None}, 409, "activity.leader"),
        kind="theme_day",
        present=1,
    ),
    write(
        "record_visit",
        "visit.write",
        "/visits",
        {"household": "{李一}", "leader": "{王建国}", "on": OCT_30, "topic": "核对收入"},
        ({"on": "2999-12-31"}, 409, "day.future"),
        kind="visit",
        topic="核对收入",
        present=1,
    ),
    write(
        "open_case",
        "case.write",
        "/cases",
        {"kind": "weak_branch", "unit": "{东湾村党支部}", "title": "再整顿", "on": OCT_30, "ground": "disunity"},
        ({"ground": ""}, 409, "case.ground"),
        title="再整顿",
        stage="screened",
    ),
    write(
        "move_case",
        "case.write",
        "/cases/{整顿}/move",
        {"to": "plan", "on": OCT_30},
        ({"to": "mending"}, 409, "case.skip"),
        status=200,
        stage="plan",
    ),
    write(
        "close_case",
        "case.write",
        "/cases/{限制事项}/close",
        {"verdict": "党内警告", "on": OCT_30},
        ({"verdict": ""}, 409, "case.verdict"),
        status=200,
        closed_on=OCT_30,
        verdict="党内警告",
    ),
    write(
        "book_entry",
        "entry.write",
        "/entries",
        {"kind": "collective_income", "unit": "{东湾村}", "amount": "88.50", "on": OCT_30},
        ({"amount": "0"}, 409, "entry.amount"),
        amount="88.50",
    ),
    write(
        "reverse_entry",
        "entry.write",
        "/entries/{收入}/reverse",
        {"on": OCT_30, "reason": "填错"},
        ({"reason": ""}, 409, "entry.reason"),
        amount="-1200.00",
    ),
)
