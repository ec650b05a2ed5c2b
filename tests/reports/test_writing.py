"""A report over the small 安康: what it says, what it leaves out, what it refuses."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hangshi.claims.extract import extract
from hangshi.claims.verdicts import Desk as Checking
from hangshi.claims.verdicts import check
from hangshi.indicators.queries import Period
from hangshi.packs.models import Template
from hangshi.registry.models import Membership, Unit
from hangshi.registry.queries import members_on
from hangshi.reports.numbers import read
from hangshi.reports.writing import template_of, write
from tests.refusals import refusal_of
from tests.reports.conftest import DAY, JAN_1

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(office, tmp_path):
    """Write a report from the words of a template of one's own."""

    def written(text: str, unit: Unit | None = None, **said):
        desk = office.desk(unit)
        file = tmp_path / "own.md"
        file.write_text(text, encoding="utf-8")
        it = Template(**{"key": "own", "name": "试写", "file": "own.md", "title": "试写", "source": "试验"} | said)
        desk = replace(desk, pack=desk.pack.model_copy(update={"files": desk.pack.files | {"own": str(file)}}))
        return write(it, desk, day=DAY)

    return written


def test_a_number_is_asked_by_name_by_alias_or_by_key(own):
    text = "{{ 值('党员数') }}，{{ 值('在册党员') }}，{{ 值('members') }}，{{ 余('结对帮扶户数') }}。"
    assert own(text).text == "试写\n1470人，1470人，1470人，620余户。"


def test_a_number_knows_what_it_is_bound_to(own, office):
    [it] = own("党员{{ 值('党员数') }}。").numbers
    assert (it.key, it.unit, it.first, it.last, it.tree, it.value) == (
        "members",
        office.city.pk,
        JAN_1,
        DAY,
        None,
        1470,
    )
    assert it.version == office.desk().pack.definition_version("members")
    assert it.address == f"/indicators/members/?unit={office.city.pk}&from=2017-01-01&to=2017-10-31"
    assert read(it.kept()) == it


def test_the_parts_of_a_loop_are_the_places_below(own, office):
    written = own("{% for 县 in 下级 %}{{ 县 }}{{ 值('党员数', 县) }}。\n\n{% endfor %}")
    below = Unit.objects.filter(kind="county").order_by("code")
    assert written.text.split()[1:] == [
        f"{it.name}{members_on(DAY).filter(path__startswith=it.path).count()}人。" for it in below
    ]
    assert [it.unit for it in written.numbers] == [it.pk for it in below]


def test_a_variant_is_chosen_by_the_records(own):
    text = "{% if 数('党员数') > 2000 %}多{% elif 有('监测对象户数') %}有{% else %}少于两千{% endif %}"
    assert own(text).text == "试写\n少于两千"


def test_what_has_no_value_is_said_so_and_is_no_nought(own):
    written = own("第一书记覆盖率{{ 值('贫困村第一书记覆盖率') }}。", unit=_without_poor_villages())
    assert (written.text, written.missing) == ("试写\n第一书记覆盖率（无记录）。", ("贫困村第一书记覆盖率",))
    assert written.numbers == ()


def _without_poor_villages() -> Unit:
    poor = {it.path for it in Unit.objects.filter(kind="village", extra__poor=True)}
    return next(it for it in Unit.objects.filter(kind="village").order_by("pk") if it.path not in poor)


def test_a_standard_says_its_amount_and_its_bound(own):
    written = own("按每名党员{{ 标准('党员教育培训经费下限') }}的标准拨付经费。")
    assert written.text == "试写\n按每名党员不低于100元的标准拨付经费。"
    assert [(it.standard, it.value) for it in written.numbers] == [(True, Decimal(100))]


def test_a_standard_before_its_first_day_is_missing(office, own):
    desk = replace(office.desk(), period=Period(date(2016, 1, 1), date(2016, 12, 31)))
    written = own("{{ 标准('党员教育培训经费下限') }}")
    again = write(written.template, replace(desk, pack=written.desk.pack), day=DAY)
    assert again.missing == ("党员教育培训经费下限",)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("共有党员近{{ 值('党员数') }}。", "“近1470人”与算得的 1470（党员数）不合，请改模板里这个数前后的字"),
        ("共有党员不足{{ 值('党员数') }}。", "“不足1470人”与算得的 1470（党员数）不合，请改模板里这个数前后的字"),
        ("共有党员{{ 值('党员数') }}。", None),
        ("共有党员{{ 值('党员数') }}以上。", None),
    ],
)
def test_words_that_make_a_number_untrue_are_found(own, text, doubt):
    assert own(text).doubts == ((doubt,) if doubt else ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ 值('党圆数') }}", "template.indicator"),
        ("{{ 标准('没有的') }}", "template.standard"),
        ("{{ 表('没有的') }}", "table.unknown"),
        ("{{ 单位.path }}", "template.language"),
    ],
)
def test_what_no_pack_defines_is_refused(own, text, code):
    assert refusal_of(own, text) == code


def test_a_template_is_for_the_units_it_is_meant_for(own):
    assert refusal_of(own, "文", unit_kinds=("village",)) == "template.unit"
    assert own("文", unit_kinds=("city",)).text == "试写\n文"


def test_marks_in_a_name_forge_no_number(own, office):
    county = Unit.objects.filter(kind="county").first()
    county.name = "甲\ue0000\ue001县"
    county.save()
    assert "甲0县" in own("{% for 县 in 下级 %}{{ 县 }}、{% endfor %}").text


def test_every_shipped_template_is_written_for_a_unit_of_its_kind(office):
    pack = office.desk().pack
    seen = {}
    for key, it in pack.templates.items():
        kind = it.unit_kinds[-1] if it.unit_kinds else "city"
        unit = Unit.objects.filter(kind=kind).order_by("pk").first()
        written = office.write(key, unit)
        seen[key] = (len(written.numbers) > 0, written.doubts)
    ours = ("work_review", "secretary_report", "bulletin", "reminder", "plain_card", "ankang_review")
    assert {key: seen[key] for key in ours} == dict.fromkeys(ours, (True, ()))
    assert {doubts for _, doubts in seen.values()} == {()}


def test_a_report_checked_by_its_claims_is_not_contradicted(office):
    """The second way round: the text is read as any other report is, and held against the records."""
    text = "\n".join(it for it in office.write("work_review").text.split("\n") if "\t" not in it)
    desk = office.desk()
    words = [it.word for it in check(extract(text), text, Checking(desk.pack, office.city, DAY, {}))]
    assert "不符" not in words
    assert words.count("支持") >= 10


def test_the_same_records_give_the_same_digest_and_another_record_another(office):
    one, two = office.write("work_review"), office.write("work_review")
    assert (one.digest, one.uid == two.uid) == (two.digest, False)
    Membership.objects.filter(pk=Membership.objects.first().pk).delete()
    assert office.write("work_review").digest != one.digest


def test_a_template_is_found_by_its_name_too(office):
    pack = office.desk().pack
    assert template_of(pack, "工作综述") is pack.templates["work_review"]
    assert refusal_of(template_of, pack, "小说") == "template.unknown"


def test_figures_of_the_unit_are_read_together(office, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):  # two tables of five columns over the children, and one read for each fact
        assert len(office.write("work_review").numbers) > 100
