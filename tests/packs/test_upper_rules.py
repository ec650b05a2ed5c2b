"""Templates of upper systems: the least template that breaks each rule, and a neighbour that does not."""

import pytest

TEMPLATE = """
[upper.x]
name = "某表"
system = "某系统"
rows = "{rows}"
unit_kinds = ["{unit}"]
statuses = [{statuses}]
returned = "{returned}"
source = "某文"
columns = [
    {{ name = "{first}", field = "{field}" }},
    {{ name = "号码", field = "number", required = {required} }},
    {{ name = "类别", field = "status", codes = {{ {code} = "1" }} }},
    {{ name = "变动", field = "act", codes = {{ {act} = "1" }} }},
]
[upper.x.receipt]
key = "号码"
result = "结果"
reason = "原因"
accepted = ["成功"]
rejected = ["{rejected}"]
"""
SOUND = {
    "rows": "members",
    "unit": "county",
    "statuses": "",
    "returned": "returned_member",
    "first": "姓名",
    "field": "name",
    "required": "true",
    "code": "full",
    "act": "new",
    "rejected": "失败",
}
HOUSEHOLDS = {
    "rows": "households",
    "statuses": '"lifted"',
    "returned": "returned_household",
    "field": "head",
    "code": "lifted",
}


def template(**said: str) -> str:
    return TEMPLATE.format(**SOUND | said)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        (HOUSEHOLDS, []),
        ({"field": "nme"}, ["P901"]),
        ({"first": "号码"}, ["P901"]),
        ({"required": "false"}, ["P902"]),
        ({"field": "number"}, ["P902"]),
        ({"code": "ful"}, ["P903"]),
        ({"act": "gone"}, ["P903"]),
        ({"unit": "contry"}, ["P904"]),
        ({"statuses": '"lifted"'}, ["P904"]),
        (HOUSEHOLDS | {"statuses": ""}, ["P904"]),
        (HOUSEHOLDS | {"statuses": '"liftd"'}, ["P904"]),
        ({"returned": "returned"}, ["P905"]),
        ({"returned": "returned_household"}, ["P905"]),
        ({"returned": "problem"}, ["P905"]),
        ({"rejected": "成功"}, ["P906"]),
    ],
)
def test_each_rule_with_the_least_template_that_breaks_it(codes_of, said, codes):
    assert codes_of(template(**said)) == codes


def test_the_sentence_names_the_column_and_offers_a_likely_one(sentence_of):
    assert sentence_of(template(code="ful")) == "“类别”没有“ful”这个值；是不是“full”？"
    assert sentence_of(template(field="nme")) == "党员没有“nme”这一项；是不是“name”？"
    assert (
        sentence_of(template(returned="returned_household"))
        == "“上报退回（农户）”应当是党员的事项，并有字段 reason（退回原因）"
    )
