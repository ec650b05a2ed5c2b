"""What changed among 147,000 members since the upper system last took them: the difference, the file, the receipt. The floor reads the same rows."""

import io
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from bench import sheets
from bench.load import scratch
from bench.measure import Line, once
from hangshi import packs
from hangshi.access.scope import Scope, acting
from hangshi.audit.attach import after_migrate
from hangshi.handoff import answers, services
from hangshi.handoff.models import Handoff
from hangshi.registry import identity
from hangshi.registry import services as registry
from hangshi.registry.models import Unit
from hangshi.registry.signing import Signer

MEMBERS, IN_BRANCH, CHANGED = 147_000, 40, 0.01
DAY, LATER = date(2026, 6, 30), date(2026, 7, 31)
CLERK, HEAD = Signer(1, 1), Signer(2, 2)
READ = """SELECT p.id, p.id_sealed, p.id_index, p.name, p.sex, p.born, u.name, m.status, m.since, m.until
    FROM membership m JOIN person p ON p.id = m.person_id JOIN unit u ON u.id = m.unit_id ORDER BY p.id"""


def run(scale: float = 1.0) -> Iterator[Line]:
    members = max(int(MEMBERS * scale), 1_000)
    with tempfile.TemporaryDirectory() as folder, scratch():
        call_command("migrate", database="owner", verbosity=0)
        after_migrate()
        held = settings.VAR, settings.EXPORT_ROWS
        settings.VAR, settings.EXPORT_ROWS = Path(folder), members
        try:
            county = _land(members)
            yield from _measured(county, members)
        finally:
            settings.VAR, settings.EXPORT_ROWS = held


def _measured(county: Unit, members: int) -> Iterator[Line]:
    pack, scope = packs.load("base", "ankang"), Scope("0", ":", 1)
    upper = pack.uppers["party_members"]
    with acting(scope):
        floor = once(_read)
    with acting(scope):
        taken = once(lambda: services.make(pack, upper, county, day=DAY, on=DAY, by=CLERK))
        first = Handoff.objects.get()
    yield Line(f"difference of {members:,} members, all new", taken, taken, floor)
    with acting(scope):
        taken = once(lambda: services.send(pack, first, on=DAY, by=HEAD, stored_on=DAY))
    yield Line("the file: numbers opened, xlsx, sealed", taken, taken, floor)
    receipt = _receipt(first, members)
    with acting(scope):
        brought = answers.receive(pack, first, name="receipt.xlsx", data=receipt, on=DAY, by=CLERK)
        taken = once(lambda: answers.answer(pack, brought, on=DAY, by=CLERK))
    yield Line("the receipt: every row accepted", taken, taken, floor)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE person SET name = name || '更' WHERE id %% %s = 0", [int(1 / CHANGED)])
        cursor.execute("ANALYZE handoff_held")
    with acting(scope):
        taken = once(lambda: services.make(pack, upper, county, day=LATER, on=LATER, by=CLERK))
        print("second:", Handoff.objects.latest("pk").counts)
    yield Line(f"difference of {members:,} members, a hundredth changed", taken, taken, floor)


def _read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(READ)
        cursor.fetchall()


def _land(members: int) -> Unit:
    """A county with branches of forty."""
    kinds = packs.load("base", "ankang").kinds.unit
    on = date(2016, 1, 1)
    with acting(Scope("0", ":", 1)):
        county = registry.create(kinds["county"], name="示例县", parent=None, on=on, actor=None)
        made = [registry.create(kinds["branch"], name=f"第{i}支部", parent=county, on=on, actor=None, extra={"field": "rural"}) for i in range(min(members // IN_BRANCH, 300))]  # fmt: skip
    with connections["owner"].cursor() as cursor:
        with cursor.copy(
            "COPY person (id, unit_id, path, extra, name, sex, born, id_sealed, id_index, cadre) FROM STDIN"
        ) as rows:
            for row in _people(members, made):
                rows.write_row(row)
        with cursor.copy(
            "COPY membership (person_id, unit_id, path, since, status, category, end_reason) FROM STDIN"
        ) as rows:
            for pk in range(1, members + 1):
                unit = made[pk % len(made)]
                rows.write_row((pk, unit.pk, unit.path, on, "full", "rural", ""))
        cursor.execute("ANALYZE person, membership")
    return county


def _number(pk: int) -> str:
    first = f"610902{1950 + pk // 1000 % 50}0101{pk % 1000:03}"
    area = f"{610000 + pk // 50_000:06}{first[6:]}"
    return area + identity.check_digit(area)


def _people(members: int, made: list[Unit]) -> Iterator[tuple[object, ...]]:
    sealed = identity.seal_all((_number(pk), pk) for pk in range(1, members + 1))
    for pk, text in enumerate(sealed, start=1):
        unit = made[pk % len(made)]
        yield pk, unit.pk, unit.path, "{}", f"党员{pk}", "男", date(1960, 1, 1), text, identity.index(_number(pk)), ""


def _receipt(sent: Handoff, members: int) -> bytes:
    sink = io.BytesIO()
    rows = ((_number(pk), "成功", "") for pk in range(1, members + 1))
    sheets.write(sink, ("公民身份号码", "处理结果", "失败原因"), rows)
    return sink.getvalue()
