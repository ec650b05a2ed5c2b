"""What the demonstration shows of demanded forms: in each state one, and two months of four villages, the same every time."""

from hangshi.access.scope import EVERYTHING, acting
from hangshi.demands.models import Answer, Demand, Filling
from hangshi.registry.models import Unit
from tests.scenarios.conftest import Load, ask


def test_it_is_there_once_and_one_answer_is_taken_over(standing: Load) -> None:
    with standing(("ankang", 0.02)), acting(EVERYTHING):
        town = Unit.objects.get(name="关庙镇")
        states = sorted(Demand.objects.values_list("state", flat=True))
        assert states == ["approved", "approved", "approved", "draft", "refused", "withdrawn"]
        assert set(Demand.objects.values_list("unit__name", flat=True)) == {"汉滨区"}
        villages = {it.path for it in Filling.objects.all()}
        assert (len(villages), Filling.objects.count()) == (4, 24)
        assert any(it.startswith(town.path) for it in villages)
        assert not Answer.objects.filter(item__label="防汛巡查（次）").exists()
        taken_over = Filling.objects.filter(title="河长制巡河月报").values_list("known", "typed", "empty")
        assert set(taken_over) == {(1, 2, 0)}
        found = ask("SELECT title, first, known, typed, minutes FROM demand_filling ORDER BY title, first, unit_id")
        assert [row[0] for row in found] == ["河长制巡河月报"] * 8 + ["脱贫攻坚帮扶月报"] * 8 + ["防汛防滑月报"] * 8
        assert {row[3:] for row in found if row[0] == "脱贫攻坚帮扶月报"} == {(2, 4)}
