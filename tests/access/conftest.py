from tests.land import land

__all__ = ["land"]
