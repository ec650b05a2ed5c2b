"""Each minute, and at once by command: what ran out is told of, what waits is answered."""

from datetime import date

from click.testing import CliRunner
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.activities import services as activities
from hangshi.cases.models import Case
from hangshi.cli.react import react as command
from hangshi.duties import services as duties
from hangshi.indicators.queries import pack
from hangshi.jobs.kinds import MINUTELY
from hangshi.reactions import chore
from hangshi.registry.people import register_person
from tests.land import FIRST, make

DAY = date(2020, 6, 10)


def a_finding_and_a_duty_that_ran_out() -> None:
    with acting(EVERYTHING):
        county = make("county", "示例县", None)
        village = make("village", "东湾村", make("township", "东镇", county))
        person = register_person(village, name="王建国", on=FIRST, actor=None)
        kind = pack().kinds.activity["inspection"]
        activities.record(kind, unit=village, on=DAY, actor=7, leader=person, extra={"finding": "台账缺三个月"})
        yesterday = date.fromordinal(timezone.localdate().toordinal() - 1)
        duty = pack().kinds.duty["first_secretary"]
        duties.assign(duty, bearer=person, target=village, on=FIRST, until=yesterday, actor=7)


def titles() -> list[str]:
    with acting(EVERYTHING):
        return sorted(Case.objects.values_list("title", flat=True))


def test_each_minute_what_waits_is_answered_once(committed: None) -> None:
    a_finding_and_a_duty_that_ran_out()
    assert chore.react in MINUTELY
    while chore.react():
        pass
    assert titles() == ["东湾村：督查发现的问题", "东湾村：第一书记空缺"]
    assert (chore.react(), len(titles())) == (0, 2)


def test_the_command_says_how_many(committed: None) -> None:
    a_finding_and_a_duty_that_ran_out()
    assert CliRunner().invoke(command).output.startswith("已处理")
    assert CliRunner().invoke(command).output == "已处理0件。\n"
    assert len(titles()) == 2
