from tests.committed import committed
from tests.land import land, people

__all__ = ["committed", "land", "people"]
