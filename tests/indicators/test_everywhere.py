"""All figures of all units at once are the figures asked one by one."""

from datetime import date
from decimal import Decimal

from hangshi.indicators import queries
from hangshi.indicators.queries import Period

JULY = Period(date(2024, 7, 1), date(2024, 7, 31))


def names(found, tree):
    by_id = {unit.pk: name for name, unit in tree.items()}
    return {by_id[pk]: raw for pk, raw in found.items()}


def test_a_sum_goes_up_the_tree_and_a_thing_counted_once_does_not_double(define, visit, tree):
    define(visits={}, reached={"measure": "count(distinct household)"})
    visit("东湾", "h1", date(2024, 7, 3))
    visit("东湾", "h1", date(2024, 7, 4), unit=tree["西沟"], path=tree["西沟"].path)
    found = queries.everywhere(["visits", "reached"], tree["某市"], JULY)
    up = {"某市": 2, "某县": 2, "河口镇": 2, "东湾": 1, "西沟": 1}
    assert names(found["visits"], tree) == up
    assert names(found["reached"], tree) == dict.fromkeys(up, 1)


def test_a_ratio_and_a_change_are_made_of_their_parts_at_each_unit(define, visit, tree):
    define(
        visits={},
        at_home={"where": "present > 0"},
        share={"numerator": "at_home", "denominator": "visits", "scale": Decimal(100)},
        more={"change_of": "visits", "change": "rise"},
    )
    for village, present in (("东湾", 1), ("东湾", 0), ("西沟", 0)):
        visit(village, "h1", date(2024, 7, 3), present=present)
    visit("东湾", "h1", date(2023, 7, 3))
    found = queries.everywhere(["share", "more"], tree["河口镇"], JULY)
    assert names(found["share"], tree) == {"河口镇": Decimal(100) / 3, "东湾": 50, "西沟": 0}
    assert names(found["more"], tree) == {"河口镇": 200, "东湾": 100}


def test_every_shipped_figure_is_the_one_asked_alone(visit, tree):
    visit("东湾", "h1", date(2024, 7, 3))
    keys = list(queries.pack().indicators)
    found = queries.everywhere(keys, tree["某市"], JULY)
    for unit in tree.values():
        for key, alone in queries.values(keys, unit, JULY).items():
            assert (found[key].get(unit.pk) or 0) == (alone.value or 0), (key, unit.name)
