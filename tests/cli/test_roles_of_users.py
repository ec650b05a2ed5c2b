"""`hangshi user` with a role that no pack knows: one sentence, exit code 1, and no account."""

from click.testing import CliRunner

from hangshi.access.models import Account
from hangshi.access.scope import EVERYTHING, acting
from hangshi.cli.main import cli
from hangshi.refusal import Refused
from tests.land import make


def test_an_unknown_role_opens_no_account(db: None) -> None:
    with acting(EVERYTHING):
        unit = make("county", "示例县", None)
        unit.code = "610999"
        unit.save()
    said = [
        "user",
        "zhang",
        "--name",
        "张三",
        "--unit",
        "610999",
        "--role",
        "county_clrk",
        "--password",
        "一个够长的密码-2017",
    ]
    outcome = CliRunner().invoke(cli, said)
    assert isinstance(outcome.exception, Refused)
    assert outcome.exception.sentence == "没有角色“county_clrk”；是不是“county_clerk”？"
    with acting(EVERYTHING):
        assert not Account.objects.filter(username="zhang").exists()
