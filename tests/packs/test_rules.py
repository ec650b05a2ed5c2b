"""The rules over whole definitions, each with the least pack that breaks it, and a neighbour that does not."""

import pytest

from tests.packs.conftest import SaidOf

RATIO = """
[indicator.{key}]
name = "{key}"
numerator = "{top}"
denominator = "{bottom}"
unit = "percent"
empty = "none"
source = "试验"
"""


def indicator(key: str = "a", **said: str | None) -> str:
    words = {
        "name": key,
        "fact": "activities",
        "measure": "count(*)",
        "time": "within",
        "unit": "item",
        "empty": "zero",
        "source": "试验",
    } | said
    lines = [f'{name} = "{value}"\n' for name, value in words.items() if value is not None]
    return f"[indicator.{key}]\n" + "".join(lines)


def change(key: str, of: str, unit: str = "percent") -> str:
    return f'[indicator.{key}]\nname = "{key}"\nchange_of = "{of}"\nunit = "{unit}"\nempty = "none"\nsource = "试验"\n'


def figure(**said: str | None) -> str:
    words = {
        "words": '"5个"',
        "subject": '"某"',
        "start": "1",
        "indicator": '"visits"',
        "low": "5",
        "high": "5",
        "unit": '"item"',
        "first": "2017-01-01",
        "last": "2017-10-31",
        "source": '"试验"',
    } | said
    return "[figure.a]\n" + "".join(f"{name} = {value}\n" for name, value in words.items() if value is not None)


def standard(*values: tuple[str, object]) -> str:
    rows = ", ".join(f"{{ since = {since}, amount = {amount} }}" for since, amount in values)
    head = '[standard.a]\nname = "某"\nunit = "yuan"\nbound = "least"\nper = "每年"\nsource = "试验"\n'
    return f"{head}values = [{rows}]\n"


TWO = '[{ key = "a", name = "甲" }, { key = "b", name = "乙" }]'


def kind(family: str, **said: str) -> str:
    extra = {
        "activity": {"attendance": '"none"'},
        "entry": {"unit": '"yuan"'},
        "unit": {"group": '"organ"'},
        "duty": {"bearer": '"person"', "target": '"unit"'},
        "case": {"subject": '"unit"', "stages": TWO},
    }[family]
    words = {"name": '"某"', "source": '"试验"'} | extra | said
    return f"[kind.{family}.a]\n" + "".join(f"{name} = {value}\n" for name, value in words.items())


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (indicator(), []),
        (indicator(fact=None, measure=None, time=None), ["P202"]),
        (indicator(time=None), ["P202"]),
        (indicator(measure=None), ["P202"]),
        (indicator(numerator="visits"), ["P202"]),
        (indicator(fact=None, measure=None, time="within", numerator="visits", denominator="meetings"), ["P202"]),
        (indicator(fact=None, measure=None, time=None, numerator="visits"), ["P202"]),
        (indicator(time="as_of"), ["P209"]),
        (indicator(time="as_of", fact="duties"), []),
        (indicator(fact="duties"), ["P210"]),
        (indicator(fact="duties", time_column="since"), []),
        (indicator(fact="duties", time_column="bearer"), ["P210"]),
        (indicator(time_column="dey"), ["P210"]),
    ],
)
def test_an_indicator_has_one_form_and_a_time(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (RATIO.format(key="r", top="visits", bottom="meetings"), []),
        (RATIO.format(key="r", top="visit", bottom="meeting"), ["P212", "P212"]),
        (RATIO.format(key="r", top="visits", bottom="villages"), ["P214"]),
        (RATIO.format(key="r", top="r", bottom="meetings"), ["P213"]),
        (
            RATIO.format(key="r", top="s", bottom="visits") + RATIO.format(key="s", top="visits", bottom="r"),
            ["P213"] * 2,
        ),
        (change("c", "visits"), []),
        (change("c", "attendance_rate"), []),
        (change("c", "villages"), ["P216"]),
        (change("c", "visits", unit="item"), ["P216"]),
        (change("c", "c"), ["P213"]),
    ],
)
def test_a_ratio_or_a_change_rests_on_what_exists(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def test_an_unknown_key_does_not_hide_what_else_is_wrong(codes_of: SaidOf) -> None:
    assert codes_of(indicator(time="as_of", colour="red")) == ["P209", "P112"]


def test_a_part_that_could_not_be_read_is_not_also_called_unknown(codes_of: SaidOf) -> None:
    assert codes_of(indicator("a", unit="kilo") + change("c", "a")) == ["P113"]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (indicator(source=None), ["part.toml:1 P301 indicator.a.source"]),
        (indicator(source=" "), ["part.toml:8 P301 indicator.a.source"]),
        (indicator(name="走访次数"), ["part.toml:2 P302 indicator.a.name"]),
        (indicator("visits", name="某"), ["part.toml:1 P102 indicator.visits"]),
        (indicator() + 'aliases = ["党员"]\n', ["part.toml:9 P303 indicator.a.aliases.0"]),
        (indicator() + 'aliases = ["甲", "走访次数"]\n', ["part.toml:9 P303 indicator.a.aliases.1"]),
        (indicator() + 'aliases = ["甲", "甲"]\n', ["part.toml:9 P303 indicator.a.aliases.1"]),
        (indicator("Calls"), ["part.toml:1 P106 indicator.Calls"]),
        (indicator() + 'key = "b"\n', ["part.toml:9 P112 indicator.a.key"]),
    ],
)
def test_a_definition_is_cited_and_its_words_are_its_own(said_of: SaidOf, part: str, said: list[str]) -> None:
    assert said_of(part) == said


def test_a_key_is_its_own_across_the_files_of_a_pack(said_of: SaidOf) -> None:
    assert said_of(indicator("a", name="甲"), second=indicator("a", name="乙")) == ["second.toml:1 P102 indicator.a"]


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (standard(("2017-01-01", 5000), ("2020-01-01", 6000)), []),
        (standard(), ["P321"]),
        (standard(("2017-01-01", -1)), ["P321"]),
        (standard(("2017-01-01", 1), ("2017-01-01", 2)), ["P322"]),
        (standard(("2017-01-01", '"many"')), ["P113"]),
        (standard(("2017", 5000)), ["P113"]),
    ],
)
def test_a_standard_is_dated_and_has_its_amount(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (figure(), []),
        (figure(indicator='"visit"'), ["P331"]),
        (figure(indicator=None), ["P331"]),
        (figure(low="6"), ["P332"]),
        (figure(high_open="true"), ["P332"]),
        (figure(high=None), ["P332"]),
        (figure(first=None), ["P333"]),
        (figure(first=None, last=None), ["P333"]),
        (figure(first=None, last=None, as_of="2017-10-31"), ["P333"]),
        (figure(first="2018-01-01"), ["P333"]),
        (figure(unit='"person"'), ["P334"]),
        (figure(source=None), ["P301"]),
    ],
)
def test_a_figure_is_bound_to_what_can_be_computed(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (kind("duty", fields='{ since = { name = "起", type = "date" } }'), ["P311"]),
        (kind("entry", fields='{ amount = { name = "额", type = "decimal" } }'), ["P311"]),
        (kind("entry", fields='{ persons = { name = "人口", type = "int" } }'), []),
        (kind("case"), []),
        (kind("case", stages="[]"), ["P312"]),
        (kind("case", stages='[{ key = "a", name = "甲" }, { key = "b", name = "甲" }]'), ["P312"]),
        (kind("duty", target_kinds='["vilage"]'), ["P313"]),
        (kind("unit", parents='["village", "town"]'), ["P313"]),
        (kind("duty", fields='{ size = { name = "规模", type = "choice" } }'), ["P314"]),
        (kind("duty", fields='{ size = { name = "规模", type = "int", low = 5, high = 1 } }'), ["P314"]),
        (kind("duty", fields='{ size = { name = "规模", type = "text", high = 1 } }'), ["P314"]),
        (kind("duty", bearer_kinds='["branch"]'), ["P315"]),
        (kind("duty", bearers="1"), ["P112"]),
        (kind("duty", bearer='"robot"'), ["P113"]),
    ],
)
def test_a_kind_fits_its_record(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


@pytest.mark.parametrize(
    ("part", "codes"),
    [
        (kind("activity", demands='["check_in"]'), ["P401"]),
        (kind("activity", fields='{ punch = { name = "上班打卡", type = "text" } }'), ["P401"]),
        (kind("activity", demands='["photo"]'), ["P402"]),
        (kind("activity", demands='["photo"]', lawful_ground='"某条例第三条"'), []),
        (kind("activity", fields='{ photo = { name = "现场", type = "text", required = true } }'), ["P402"]),
        (kind("activity", fields='{ photo = { name = "现场", type = "text" } }'), []),
        (kind("activity", demands='["track"]'), ["P403"]),
        (kind("activity", fields='{ route = { name = "走访轨迹", type = "text", required = true } }'), ["P403"]),
        (kind("activity", demands='["person_ranking"]'), ["P404"]),
        (kind("case", name='"干部红黑榜"'), ["P404"]),
        (indicator(name="党员排名", unit="person"), ["P404"]),
        (indicator(name="村排名", unit="point"), []),
        (kind("activity", demands='["app_score"]'), ["P405"]),
        (kind("activity", demands='["check_in", "person_ranking"]', lawful_ground='"某条例"'), ["P401", "P404"]),
    ],
)
def test_formalism_is_refused(codes_of: SaidOf, part: str, codes: list[str]) -> None:
    assert codes_of(part) == codes


def test_a_fact_names_a_family_of_kinds_that_exists(codes_of: SaidOf) -> None:
    text = '[fact.x]\nview = "x"\ndoc = "某"\n[fact.x.columns]\nkind = {{ type = "text", doc = "类", values = "{}" }}\n'
    assert codes_of(text.format("dutys")) == ["P316"]
    assert codes_of(text.format("duty")) == []
