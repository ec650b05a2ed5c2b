"""The scenario loaded into a database of its own; the floor is a bare COPY of the same rows into tables with no index."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections

from bench.measure import Line, once
from hangshi.audit.attach import after_migrate
from hangshi.database import urls
from hangshi.scenarios.load import load
from hangshi.scenarios.tables import TABLES

BLOCK = 1 << 20


def run(scale: float = 1.0) -> Iterator[Line]:
    with scratch():
        call_command("migrate", database="owner", verbosity=0)
        after_migrate()
        took = once(lambda: load("ankang", scale, password=os.urandom(12).hex()))
        floor = sum(_copied(table) for table in TABLES)
    yield Line(f"load 安康 at scale {scale:g}, cells included", took, took, floor)


@contextmanager
def scratch() -> Iterator[None]:
    """Both roles on an empty database, and back again."""
    name = f"hangshi_bench_{os.getpid()}"
    urls.create_database(name)
    try:
        with using(name):
            yield
    finally:
        urls.drop_database(name)


@contextmanager
def copied() -> Iterator[str]:
    """The name of a copy of the database in use, as it is now; dropped at the end."""
    source = str(connections["default"].settings_dict["NAME"])
    for alias in ("default", "owner"):
        connections[alias].close()  # nobody may be in it
    name = f"{source}_copy"
    urls.copy_database(source, name)
    urls.create_database(name)
    try:
        yield name
    finally:
        urls.drop_database(name)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Both roles on that database, and back again."""
    held = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    try:
        _turn_to(dict.fromkeys(held, name))
        yield
    finally:
        _turn_to(held)


def _turn_to(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _copied(table: str) -> float:
    """Milliseconds of COPY FROM alone: what is read was written to a file before."""
    with connections["owner"].cursor() as cursor, tempfile.TemporaryFile() as file:
        with cursor.copy(f"COPY {table} TO STDOUT") as source:
            for block in source:
                file.write(block)
        file.seek(0)
        cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")

        def fill() -> None:
            with cursor.copy(f"COPY bare_{table} FROM STDIN") as sink:
                while block := file.read(BLOCK):
                    sink.write(block)

        return once(fill)
