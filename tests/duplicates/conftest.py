from tests.land import land, people

__all__ = ["land", "people"]
