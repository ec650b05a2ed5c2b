"""A class of learners names people whom the packs know; each fault alone, by its number."""

import pytest

from tests.packs.conftest import SaidOf

CLASS = """
[kind.learner.trial]
name = "试学的人"
source = "某文件"
{}
"""


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ('categories = ["rural"]', []),
        ('cadres = ["organ"]\nduties = ["village_post.secretary", "first_secretary"]', []),
        ("", ["P317"]),
        ('categories = ["rurall"]', ["P317"]),
        ('cadres = ["rural"]', ["P317"]),
        ('duties = ["village_post.secretery"]', ["P317"]),
        ('duties = ["first_secretary.head"]', ["P317"]),
        ('categories = ["rural", "a"]\nduties = ["b"]', ["P317", "P317"]),
    ],
)
def test_a_class_of_learners_means_somebody(codes_of: SaidOf, said: str, codes: list[str]) -> None:
    assert codes_of(CLASS.format(said)) == codes
