"""What is studied in the demonstration: the same every time, and counted by no figure of the report."""

from hangshi.access.scope import EVERYTHING, acting
from hangshi.registry.models import Unit
from hangshi.study import results
from hangshi.study.models import Material, Quiz, ReadingList, Trainee
from tests.scenarios.conftest import Load, ask


def test_it_is_there_once_deterministic_and_within_its_township(standing: Load) -> None:
    found = []
    for _ in range(2):
        with standing(("ankang", 0.02)), acting(EVERYTHING):
            town = Unit.objects.get(name="关庙镇")
            quiz = Quiz.objects.get()
            said = results.result(quiz)
            assert (said.should, said.handed) == (quiz.sheets.count(), quiz.sheets.exclude(score=None).count())
            assert (said.mean is not None, sum(said.bands.values())) == (True, said.handed)
            assert quiz.sheets.filter(path__startswith=town.path).count() == said.should
            states = sorted(Trainee.objects.values_list("state", flat=True))
            assert states == ["absent", "leave", "present", "present", "present"]
            assert (Material.objects.count(), ReadingList.objects.get().items.count()) == (3, 3)
            found.append((said, ask("SELECT person_id, score FROM study_sheet ORDER BY id")))
    assert found[0] == found[1]
