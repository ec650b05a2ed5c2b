from tests.committed import committed
from tests.land import land

__all__ = ["committed", "land"]
