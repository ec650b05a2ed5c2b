"""A roster of Party members from xlsx to committed rows; the floor reads the same file and copies its text into a bare table."""

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import fastexcel
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from bench import peers, sheets
from bench.load import copied, scratch, using
from bench.measure import Line
from hangshi import packs
from hangshi.access.scope import Scope, acting
from hangshi.audit.attach import after_migrate
from hangshi.intake import services
from hangshi.intake.models import Intake
from hangshi.registry import services as registry
from hangshi.registry.identity import check_digit
from hangshi.registry.models import Unit

T = TypeVar("T")
ROWS, BRANCHES, FAULTY = 147_000, 300, 100
DAY = date(2026, 1, 1)
HEAD = (
    "序号", "姓名", "性别", "民族", "公民身份号码", "出生日期", "学历", "所在党支部", "入党日期", "转正日期", "党员状态", "党员类别",
    "工作岗位", "联系电话", "家庭住址", "是否流动", "流入地", "缴纳党费", "困难类型", "备注",
)  # fmt: skip


def run(scale: float = 1.0) -> Iterator[Line]:
    rows = max(int(ROWS * scale), 1000)
    with tempfile.TemporaryDirectory() as folder, scratch():
        call_command("migrate", database="owner", verbosity=0)
        after_migrate()
        held, settings.VAR = settings.VAR, Path(folder)
        try:
            file = Path(folder) / "roster.xlsx"
            _write(file, rows)
            yield from _measured(file, rows, _slice(Path(folder)))
        finally:
            settings.VAR = held


def _slice(folder: Path) -> Path:
    """The first rows of the roster, for those who cannot read the whole in a reasonable time."""
    _write(folder / "slice.xlsx", peers.SLICE)
    return folder / "slice.xlsx"


def _measured(file: Path, rows: int, part: Path) -> Iterator[Line]:
    pack, data = packs.load("base", "ankang"), file.read_bytes()
    scope, county = _land(pack)
    said: dict[str, Any] = {"pack": pack, "account": 1}
    bring = partial(services.receive, unit=county, target="members", source="bench", name=file.name, data=data, **said)
    with copied() as empty:
        floors = [measured("owner", lambda: _floor(data)) for _ in range(2)]
        floor = Cost(min(it.wall for it in floors), min(it.processor for it in floors))
        phases, promises, found = Phases(), Promises(), []
        read = measured("default", lambda: found.append(_under(scope, bring)))
        looked = measured("default", lambda: _under(scope, partial(services.check, intake=found[0], on=DAY, **said)))
        with connections["default"].execute_wrapper(promises):
            commit = partial(services.commit, intake=found[0], way="sound", on=DAY, tell=phases.tell, **said)
            wrote = measured("default", lambda: _under(scope, commit))
        whole = Cost(read.wall + wrote.wall, read.processor + wrote.processor)
        yield _line(f"members {rows:,} × 20: the file read and kept, once", read, floor)
        yield _line(f"members {rows:,} × 20: look at it (nothing written)", looked, floor)
        yield _line(f"members {rows:,} × 20: xlsx to committed rows", whole, floor)
        yield Line("    of both cores, floor and ours", whole.processor, whole.processor, floor.processor)
        for name, taken in (*phases.taken.items(), *promises.taken.items()):
            yield Line(f"    {name}", taken, taken, floor.wall)
        yield from _again(bring, said, scope, floor)
        with using(empty):
            yield from peers.run(part, rows, whole.wall)


def _again(bring: "partial[Intake]", said: dict[str, Any], scope: Scope, floor: "Cost") -> Iterator[Line]:
    """The same file, brought anew by the same hand: what it would write, and what the process held at most until here."""
    intake = _under(scope, bring)
    again = measured("default", lambda: _under(scope, partial(services.check, intake=intake, on=DAY, **said)))
    yield _line("the same file against what is now registered", again, floor)
    found = _under(scope, lambda: Intake.objects.get(pk=intake.pk)).counts
    writes = found["new"] + found["changed"]
    yield Line("the same file again: rows that it would write", writes, writes, unit="rows")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Line("peak memory of the process", peak, 700, 700, "MB", "limit")


@dataclass(frozen=True)
class Cost:
    """Milliseconds: by the clock, and of the processors, ours and the server's; on a busy machine the second is the steadier."""

    wall: float
    processor: float


def measured(alias: str, do: Callable[[], object]) -> Cost:
    connections[alias].ensure_connection()
    server = connections[alias].connection.info.backend_pid
    start, used = time.perf_counter(), _processor(server)
    do()
    return Cost((time.perf_counter() - start) * 1000, _processor(server) - used)


def _processor(server: int) -> float:
    """So far, of this process and of the server's on this machine; of a server elsewhere nothing is known."""
    ours, place = os.times(), Path(f"/proc/{server}/stat")
    ticks = [int(it) for it in place.read_text().rpartition(")")[2].split()[11:13]] if place.exists() else []
    return (ours.user + ours.system + sum(ticks) / os.sysconf("SC_CLK_TCK")) * 1000


def _line(what: str, cost: Cost, floor: Cost) -> Line:
    return Line(what, cost.wall, cost.wall, floor.wall)


def _under(scope: Scope, do: Callable[[], T]) -> T:
    with acting(scope):
        return do()


class Phases:
    """Milliseconds of each step of a commit, by the words it is told in."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}
        self.now, self.since = "", time.perf_counter()

    def tell(self, done: int, total: int, what: str) -> None:
        at = time.perf_counter()
        if self.now:
            self.taken[f"step {self.now}"] = (at - self.since) * 1000
        self.now, self.since = what, at


class Promises:
    """Milliseconds that the statements of the writing take, by what they are for; triggers of audit and of one-at-a-time are in the inserts."""

    STARTS: ClassVar[dict[str, str]] = {
        "UPDATE stage": "of it: ids of the new rows",
        "INSERT INTO person": "of it: persons, their indexes and audit",
        "INSERT INTO search_token": "of it: search by name",
        "INSERT INTO membership": "of it: memberships, never two at once, audit",
        "INSERT INTO intake_written": "of it: what undo needs",
        "SET CONSTRAINTS": "of it: foreign keys",
    }

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    def __call__(
        self, execute: Callable[..., object], sql: str, parameters: object, many: bool, context: object
    ) -> object:
        start = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            for words, name in self.STARTS.items():
                if sql.startswith(words):
                    self.taken[name] = self.taken.get(name, 0) + (time.perf_counter() - start) * 1000


def _land(pack: packs.Pack) -> tuple[Scope, Unit]:
    """A county of 300 villages with a branch each; the asker sees all of it, under the policies."""
    kinds = pack.kinds.unit
    with acting(Scope("0", ":")):
        county = registry.create(kinds["county"], name="示例县", parent=None, on=date(2000, 1, 1), actor=None)
        for t in range(BRANCHES // 15):
            township = registry.create(
                kinds["township"], name=f"第{t}镇", parent=county, on=date(2000, 1, 1), actor=None
            )
            for v in range(15):
                village = registry.create(
                    kinds["village"], name=f"第{t * 15 + v}村", parent=township, on=date(2000, 1, 1), actor=None
                )
                extra = {"field": "rural"}
                registry.create(
                    kinds["branch"],
                    name=f"第{t * 15 + v}村党支部",
                    parent=village,
                    on=date(2000, 1, 1),
                    actor=None,
                    extra=extra,
                )
    return Scope.below(county.path, actor=1), county


SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "建国秀英大山小军红梅志强桂兰德福永生玉珍春华文明"


def _name(n: int) -> str:
    """Three characters, of every fifth person two."""
    first, second = GIVEN[n // 20 % len(GIVEN)], GIVEN[n // 500 % len(GIVEN)]
    return SURNAMES[n % 20] + first + ("" if n % 5 == 0 else second)


def _row(n: int) -> tuple[str, ...]:
    born = date(1950, 1, 1) + timedelta(days=n % 18_000)
    first = f"6109{n // 18_000:02}{born:%Y%m%d}{(n * 7) % 999:03}"
    number = first + check_digit(first) if n % (ROWS // FAULTY) else first + "?"
    return (
        str(n + 1), _name(n), "女" if int(first[16]) % 2 == 0 else "男", "汉族", number, f"{born:%Y-%m-%d}", "高中", f"第{n % BRANCHES}村党支部",
        f"{1990 + n % 30}-07-01", f"{1991 + n % 30}-07-01", "正式党员", "农村党员", "农民", "13800000000", f"第{n % BRANCHES}村{n % 9}组", "否", "", "12.5", "无", "",
    )  # fmt: skip


def _write(file: Path, rows: int) -> None:
    sheets.write(file, HEAD, map(_row, range(rows)))


def _floor(data: bytes) -> None:
    """The fastest reading and a COPY of the raw text, without a check, a policy or an index."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS bare; CREATE TABLE bare ({', '.join(f'c{i} text' for i in range(20))})")
        frame = fastexcel.read_excel(data).load_sheet(0, dtypes="string").to_polars()
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv)") as sink:
            sink.write(frame.write_csv(include_header=False, quote_style="non_numeric"))
