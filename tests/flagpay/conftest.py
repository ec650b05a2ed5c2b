from tests.appraisals.conftest import mark
from tests.appraisals.test_effects import flags, held
from tests.land import land, people

__all__ = ["flags", "held", "land", "mark", "people"]
