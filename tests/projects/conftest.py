from tests.committed import committed
from tests.land import land
from tests.web.conftest import count, row, sign_in, town

__all__ = ["committed", "count", "land", "row", "sign_in", "town"]
