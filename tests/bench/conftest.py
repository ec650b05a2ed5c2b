import pytest

from hangshi.scenarios.load import load
from tests.committed import committed

__all__ = ["committed"]
PASSWORD = "一个够长的密码-2017"


@pytest.fixture
def ankang(committed: None) -> str:
    """The small 安康; gives the password of its accounts."""
    load("ankang", 0.02, password=PASSWORD)
    return PASSWORD
