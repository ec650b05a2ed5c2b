"""One row of a fact from a few drawn values, written to its table as the records' own rooms write it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hangshi.activities.models import Activity, Attendance
from hangshi.cases.models import Case
from hangshi.demands.models import Demand, Filling, Item
from hangshi.duties.models import Duty
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, HouseholdStatus, Membership, Person, Unit
from hangshi.study.models import Paper, Quiz, Quota, Tally, Trainee, Training
from tests.indicators.conftest import stand


@dataclass(frozen=True)
class Drawn:
    """`length` None: no end; `flag` turns whatever may be one thing or another."""

    node: str
    day: date
    length: int | None
    number: int
    flag: bool

    @property
    def until(self):
        return None if self.length is None else self.day + timedelta(days=self.length)

    @property
    def word(self):
        return "a" if self.flag else "b"


class Store:
    def __init__(self, tree):
        self.tree = tree
        east = tree["东湾"]
        self.people = [Person.objects.create(name=name, unit=east, path=east.path) for name in "甲乙"]
        self.homes = [Household.objects.create(number=it, head=it, unit=east, path=east.path) for it in ("h1", "h2")]

    def at(self, drawn):
        unit = self.tree[drawn.node]
        return {"unit": unit, "path": unit.path}

    def home(self, drawn):
        """One of two, or none."""
        return (*self.homes, None)[drawn.number % 3]

    def units(self, it):
        parent = self.tree[it.node]
        extra = {"poor": it.flag} | ({"field": it.word} if it.number else {})
        made = stand(f"新{it.number}", it.word, parent, extra=extra)
        Unit.objects.filter(pk=made.pk).update(since=it.day, until=it.until)

    def members(self, it):
        person = Person.objects.create(name="丙", **self.at(it))
        Membership.objects.create(
            person=person,
            status=it.word,
            category="ab"[it.number % 2],
            since=it.day,
            until=it.until,
            **self.at(it),
        )

    def households(self, it):
        home = Household.objects.create(number=f"n{Household.objects.count()}", head="丁", **self.at(it))
        HouseholdStatus.objects.create(household=home, status=it.word, since=it.day, until=it.until, **self.at(it))

    def duties(self, it):
        extra = {"reserve": it.flag} | ({"employees": it.number} if it.number else {})
        Duty.objects.create(
            kind=it.word,
            bearer=self.people[it.number % 2],
            bearer_unit=self.tree["某县"] if it.flag else None,
            target_unit=self.tree[it.node] if it.number else None,
            household=self.home(it),
            role="" if it.number else it.word,
            end_reason="a" if it.length else "",
            since=it.day,
            until=it.until,
            extra=extra,
            **self.at(it),
        )

    def activities(self, it):
        leader = self.people[0] if it.flag else None
        kind = "visit" if it.flag else "b"
        return Activity.objects.create(
            kind=kind, day=it.day, household=self.home(it), leader=leader, present=it.number, **self.at(it)
        )

    def attendances(self, it):
        activity = self.activities(it)
        for person in self.people[: 1 + it.number % 2]:
            Attendance.objects.create(activity=activity, person=person, state=it.word, day=it.day, **self.at(it))

    def cases(self, it):
        Case.objects.create(
            kind=it.word,
            title="一件事",
            ground="" if it.number else it.word,
            stage="ab"[it.number % 2],
            person=self.people[0] if it.flag else None,
            household=self.home(it),
            opened_on=it.day,
            closed_on=it.until,
            **self.at(it),
        )

    def entries(self, it):
        since, until = (it.day, it.until) if it.flag else (None, None)
        Entry.objects.create(
            kind=it.word,
            source="" if it.number else it.word,
            amount=Decimal(it.number * 100 - 149) / 100,
            household=self.home(it),
            day=it.day,
            since=since,
            until=until,
            **self.at(it),
        )

    def incomes(self, it):
        Entry.objects.create(
            kind="household_income",
            amount=Decimal(it.number) + Decimal("0.51"),
            household=self.homes[it.flag],
            day=it.day,
            extra={"persons": it.number} if it.number else {},
            **self.at(it),
        )

    def trained(self, it, kind, state, person):
        at = self.at(it)
        held = {"since": it.day, "until": it.day, "seats": 9, "topic": "乡村治理"}
        training = Training.objects.create(kind=kind, title="一个班", **held, **at)
        quota = Quota.objects.create(training=training, seats=9, **at)
        Trainee.objects.create(training=training, quota=quota, person=person, state=state, day=it.day, **at)

    def trainings(self, it):
        self.trained(it, it.word, ("present", "leave", "absent")[it.number % 3], self.people[it.number % 2])

    def rotated(self, it):
        person = self.people[it.number % 2]
        post = {
            "kind": "village_post",
            "role": "secretary",
            "since": it.day - timedelta(days=it.number),
            "until": it.until,
        }
        Duty.objects.create(bearer=person, target_unit=self.tree[it.node], **post, **self.at(it))
        self.trained(it, "rotation", "present", person)
        self.trained(it, "rotation" if it.flag else "b", "leave" if it.flag else "present", person)  # neither counts

    def quiz_results(self, it):
        at = self.at(it)
        paper = Paper.objects.create(title="卷", seed="s", draws={}, points=10, digest="d", made_on=it.day, **at)
        quiz = Quiz.objects.create(paper=paper, title="测试", since=it.day, until=it.until or it.day, **at)
        counts = {
            "should": it.number + 2,
            "handed": it.number,
            "marked": it.number,
            "points": 7 * it.number,
            "full": 10 * it.number,
        }
        Tally.objects.create(quiz=quiz, day=it.day, **counts, **at)

    def demands(self, it):
        said = {
            "title": "一张表",
            "department": it.word,
            "ground": "文件",
            "every": "month" if it.flag else "year",
            "level": self.tree[it.node].kind if it.flag else "village",
        }
        days = {"since": it.day, "until": it.until or date(2025, 12, 31)}
        for state in ("withdrawn" if it.flag else "approved", "draft", "refused"):  # the last two never count
            demand = Demand.objects.create(state=state, **said, **days, **self.at(it))
            for number in range(it.number + 1):
                target = "figure.visits" if number % 2 else ""
                Item.objects.create(demand=demand, path=demand.path, number=number, label="项", target=target)

    def fillings(self, it):
        cells = {"known": it.number, "typed": 3 - it.number, "empty": 2 * it.number}
        Filling.objects.create(
            form=Filling.objects.count() + 1,
            title=it.word,
            department="" if it.number else it.word,
            level=it.word,
            first=it.day,
            last=it.day,
            filled_on=it.day,
            minutes=Decimal("1.5") * it.number,
            **cells,
            **self.at(it),
        )
