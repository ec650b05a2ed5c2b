"""Random requests of every identity against a country that keeps changing; prints counts, exits 1 on a leak or a fault."""

import logging
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import timezone

from hangshi.access.scope import EVERYTHING, acting
from hangshi.audit.attach import after_migrate
from hangshi.database import urls
from hangshi.refusal import Refused
from hangshi.registry import services as registry
from hangshi.registry.models import Unit
from tests.proof_access import oracle
from tests.proof_access.asking import CANARY, Answer, ask, may, readable, signed_in, visible
from tests.proof_access.oracle import OURS, TABLES, Rows
from tests.proof_access.routes import ROUTES, Ask
from tests.proof_access.world import ROLES, World, build

ASKS = [(name, it) for name, asks in ROUTES.items() for it in asks if it.method == "get"]
VILLAGES, TOWNSHIPS = ("bay", "hill", "ditch", "far"), ("n_east", "n_west", "s_east")
WORDS = ("", "鹮", "鹮b", "人鹮", "户", "%", "_", "'", "1", "far鹮", "ditch1", "干")
CONFIRMED = 240.0  # seconds; after five minutes a page that shows or hands out asks again who one is
SORTS = ("name", "-name", "head", "number", "person__name", "path", "id_sealed", "unit__name", "-since")


@dataclass
class Attack:
    """`rows` is what the owner reads now; `reads` and `sees` are asked of the oracle once between two changes."""

    world: World
    draw: random.Random
    clients: dict[str, Client] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)
    sees: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    since: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def look_again(self) -> None:
        self.rows = oracle.everything()
        self.reads, self.sees = {who: readable(self.world, self.rows, who) for who in ROLES}, {}

    def sign_in(self) -> None:
        self.clients, self.since = {who: signed_in(who) for who in ROLES}, time.monotonic()

    def change(self) -> None:
        """A village moves to another township, at once; grants move with their units."""
        village, township = self.draw.choice(VILLAGES), self.draw.choice(TOWNSHIPS)
        with acting(EVERYTHING):
            ends = [Unit.objects.get(pk=self.world.units[name].pk) for name in (village, township)]
            try:
                registry.move(ends[0], parent=ends[1], on=timezone.localdate(), actor=None)
                self.counts["moves"] += 1
            except Refused:
                self.counts["moves refused"] += 1
            for grant in self.world.grants.values():
                grant.refresh_from_db()
        self.look_again()

    def one(self) -> None:
        """Somebody asks something, with an id that may be anybody's, and with words of their own in the query."""
        who, (name, it) = self.draw.choice(tuple(ROLES)), self.draw.choice(ASKS)
        table = it.table or "unit"
        pk = self.draw.choice(
            [row["id"] for row in self.rows[self.draw.choice((table.partition(":")[0], "person", "household"))]]
            + [0, 1]
        )
        answer = ask(self.clients[who], self.twisted(it), pk, {})
        self.counts[f"{answer.status}"] += 1
        if answer.status >= 500:
            self.found.append(f"{who} {it.address} {pk}: {answer.status}")
        if names := set(CANARY.findall(answer.text + str(answer.headers))) - self.reads[who]:
            self.found.append(f"{who} {it.address} {pk}: reads {sorted(names)}")
        if it.table and may(who, name) and not self.own(who, it, pk) and self.hidden(who, it, pk, answer):
            self.found.append(f"{who} {it.address} {pk}: {answer.status} for what is out of sight")

    def own(self, who: str, it: Ask, pk: int) -> bool:
        """The page of one's own unit is answered whatever stands below it, be it nothing: its name is on every page."""
        return "unit={id}" in it.address and pk == self.world.grants[who].unit_id

    def hidden(self, who: str, it: Ask, pk: int, answer: Answer) -> bool:
        key = (who, it.table)
        if key not in self.sees:
            self.sees[key] = visible(self.rows, self.world.grants[who], it)
        return pk not in self.sees[key] and answer.status not in (it.missing, 400)

    def twisted(self, it: Ask) -> Ask:
        said = {"page": self.draw.randint(0, 3), "sort": self.draw.choice(SORTS), "open": self.draw.choice("01")}
        said |= {"q": self.draw.choice(WORDS)} if self.draw.random() < 0.5 else {}
        more = urlencode(said).replace("{", "").replace("}", "")
        return Ask(f"{it.address}{'&' if '?' in it.address else '?'}{more}", it.table)


def _ready(name: str) -> World:
    os.environ["HANGSHI_PROFILE"] = settings.PROFILE = "demo"  # the second factor would stand before every page
    urls.create_database(name)
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    call_command("migrate", database="owner", verbosity=0)
    after_migrate()
    with connections["owner"].cursor() as cursor:
        for number, table in enumerate((*TABLES, *OURS), 1):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, 7_000_000 + number * 10_000])
    with acting(EVERYTHING):
        return build()


@click.command()
@click.option("--requests", default=100_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--every", default=500, show_default=True, help="requests between two changes of the tree")
def main(requests: int, seed: int, every: int) -> None:
    """Ask at random, and compare every answer with the oracle."""
    logging.disable(logging.CRITICAL)
    setup_test_environment()
    name = f"hangshi_attack_{os.getpid()}"
    try:
        attack = Attack(_ready(name), random.Random(seed))  # repeatable on purpose
        attack.sign_in()
        attack.look_again()
        for number in range(1, requests + 1):
            if time.monotonic() - attack.since > CONFIRMED:
                attack.sign_in()
            attack.one()
            if number % every == 0:
                attack.change()
    finally:
        for alias in ("default", "owner"):
            connections[alias].close()
        urls.drop_database(name)
    click.echo(f"{requests} requests of {len(ROLES)} identities: {dict(sorted(attack.counts.items()))}")
    click.echo(f"leaks and faults: {len(attack.found)}")
    for line in attack.found[:20]:
        click.echo(f"  {line}")
    sys.exit(1 if attack.found else 0)


main()
