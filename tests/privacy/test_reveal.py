"""A sensitive value: masked everywhere, shown only to those who may and who say why, and on record before it is shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hangshi.access.scope import EVERYTHING, Scope, acting
from hangshi.audit import services as audit
from hangshi.audit.models import AuditEntry
from hangshi.privacy import reveal
from hangshi.privacy.models import Reveal
from hangshi.refusal import Refused
from hangshi.registry import identity, sealed_fields
from hangshi.registry.models import Person, Unit
from hangshi.registry.search import write_tokens
from tests.refusals import refusal_of

NUMBER, PHONE = "11010519491231002X", "13900001111"
NOW = datetime(2017, 7, 1, 8, tzinfo=UTC)
WORDS = "核对补助发放名册"
SAID = {"field": "id_number", "reason": "check", "words": WORDS}
SignIn = Callable[[str], Client]


@pytest.fixture
def zhou(ring: Any, town: dict[str, Unit]) -> Person:
    with acting(EVERYTHING):
        made = Person.objects.create(name="周月", unit=town["东湾村"], path=town["东湾村"].path)
        made.id_sealed, made.id_index = identity.seal(NUMBER, row=made.pk), identity.index(NUMBER)
        made.extra = {"phone": sealed_fields.sealed("phone", PHONE)}
        made.save()
    return made


def entries(person: Person) -> list[tuple[str, Any]]:
    with acting(EVERYTHING):
        return list(
            AuditEntry.objects.filter(kind="reveal", low=person.pk, at__gte=connection_start())
            .order_by("id")
            .values_list("kind", "detail")
        )


def connection_start() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        (begun,) = cursor.fetchone()
    assert isinstance(begun, datetime)
    return begun


def test_nothing_sensitive_is_on_the_page_of_the_person(sign_in: SignIn, zhou: Person) -> None:
    page = sign_in("zhen").get(f"/records/persons/{zhou.pk}/").content.decode()
    assert [it for it in (NUMBER, PHONE, NUMBER[6:14], NUMBER[:6], "sealed") if it in page] == []
    assert ("公民身份号码" in page, "说明事由后查看" in page) == (True, True)


def test_it_is_shown_after_the_reason_is_on_record(sign_in: SignIn, zhou: Person) -> None:
    client = sign_in("zhen")
    asked = client.post(f"/personal/{zhou.pk}/reveal/", SAID)
    assert asked.status_code == 302
    shown = client.get(asked["Location"])
    assert NUMBER in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert f"url=/records/persons/{zhou.pk}/" in shown["Refresh"]
    with acting(EVERYTHING):
        made = Reveal.objects.get(person_id=zhou.pk)
    assert (made.reason, made.words, made.until - made.at) == ("check", WORDS, timedelta(minutes=5))
    assert entries(zhou) == [
        ("reveal", {"field": "id_number", "reason": "check", "reveal": made.pk}),
        ("reveal", {"field": "id_number", "reveal": made.pk, "shown": 1}),
    ]


def test_a_sealed_extra_field_is_revealed_the_same_way(sign_in: SignIn, zhou: Person) -> None:
    client = sign_in("zhen")
    asked = client.post(f"/personal/{zhou.pk}/reveal/", SAID | {"field": "phone"})
    assert PHONE in client.get(asked["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": ""}, "请选择调阅事由"),
        ({"words": "看"}, "请写明具体用途"),
        ({"field": "name"}, "没有登记这一项"),
        ({"words": f"核对{NUMBER}"}, "不要写证件号码"),
    ],
)
def test_without_a_good_reason_nothing_is_shown_and_what_was_typed_stays(
    sign_in: SignIn, zhou: Person, changed: dict[str, str], sentence: str
) -> None:
    answer = sign_in("zhen").post(f"/personal/{zhou.pk}/reveal/", SAID | changed)
    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (422, True)
    assert f'value="{(SAID | changed)["words"]}"' in page
    assert entries(zhou) == []


def test_no_log_no_answer(sign_in: SignIn, zhou: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("zhen")
    asked = client.post(f"/personal/{zhou.pk}/reveal/", SAID)

    def full(*args: Any, **kwargs: Any) -> int:
        raise DatabaseError("no space left")

    monkeypatch.setattr(audit, "note", full)
    answer = client.get(asked["Location"])
    assert (answer.status_code, NUMBER in answer.content.decode()) == (400, False)
    assert "审计登记没有写成" in answer.content.decode()
    assert client.post(f"/personal/{zhou.pk}/reveal/", SAID).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("zhen", 200), ("shi", 200), ("kan", 403)])
def test_who_may_ask(sign_in: SignIn, zhou: Person, who: str, status: int) -> None:
    assert sign_in(who).get(f"/personal/{zhou.pk}/reveal/").status_code == status


def test_a_person_elsewhere_is_nobody(sign_in: SignIn, zhou: Person, town: dict[str, Unit]) -> None:
    with acting(EVERYTHING):
        Person.objects.filter(pk=zhou.pk).update(unit=town["西沟村"], path=town["西沟村"].path)
    assert sign_in("zhen").post(f"/personal/{zhou.pk}/reveal/", SAID).status_code == 404


def test_one_persons_reveal_is_not_anothers(sign_in: SignIn, zhou: Person) -> None:
    asked = sign_in("zhen").post(f"/personal/{zhou.pk}/reveal/", SAID)
    assert sign_in("shi").get(asked["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("after", "actor", "code"), [(0, 7, None), (300, 7, None), (301, 7, "reveal.over"), (0, 8, "reveal.other")]
)
def test_it_lasts_five_minutes_for_one_account(zhou: Person, after: int, actor: int, code: str | None) -> None:
    with acting(Scope.below(zhou.path, actor=7)):
        number = reveal.ask(zhou, "id_number", reason="check", words=WORDS, actor=7, now=NOW)
        made = Reveal.objects.get(pk=number)
        now = NOW + timedelta(seconds=after)
        assert refusal_of(reveal.value, made, zhou, actor=actor, now=now) == code


def test_a_reveal_cannot_be_changed_forged_or_deleted_by_the_app(zhou: Person) -> None:
    with acting(Scope.below(zhou.path, actor=7)):
        number = reveal.ask(zhou, "id_number", reason="check", words=WORDS, actor=7, now=NOW)
        assert Reveal.objects.filter(pk=number).update(words="x") == 0
        assert Reveal.objects.filter(pk=number)._raw_delete("default") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Reveal.objects.create(
                account_id=8, person_id=1, path=zhou.path, field="x", reason="x", words="x", at=NOW, until=NOW
            )


def test_the_person_may_take_their_file_from_the_page(sign_in: SignIn, zhou: Person) -> None:
    client = sign_in("zhen")
    refused = client.post(f"/personal/{zhou.pk}/file/", {"ground": ""})
    assert (refused.status_code, "请写明依据" in refused.content.decode()) == (409, True)
    answer: Any = client.post(f"/personal/{zhou.pk}/file/", {"ground": "本人持户口簿到场"})
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) > 4000
    assert client.get(f"/personal/{zhou.pk}/file/").status_code == 405


def test_a_restricted_field_needs_its_permission(sign_in: SignIn, zhou: Person) -> None:
    with acting(EVERYTHING):
        Person.objects.filter(pk=zhou.pk).update(born="1949-12-31", sex="女")
        Person.objects.filter(pk=zhou.pk).update(sex="男")  # so that the page's history speaks of it too
        write_tokens("person", zhou)
    addresses = [
        "/records/persons/",
        f"/records/persons/{zhou.pk}/",
        "/search/?q=周月",
        f"/units/{zhou.unit_id}/?tab=persons",
    ]
    seen = {who: ["1949-12-31" in sign_in(who).get(it).content.decode() for it in addresses] for who in ("zhen", "kan")}
    assert seen == {"zhen": [True] * 4, "kan": [False] * 4}


def test_refusals_are_sentences_for_the_user(zhou: Person) -> None:
    with pytest.raises(Refused) as refused:
        reveal.check_may_ask(zhou, "id_number", reason="check", words="")
    assert refused.value.sentence == "请写明具体用途，至少4个字；没有显示任何内容。"


def test_what_is_hidden_shows_neither_birth_date_nor_division(zhou: Person) -> None:
    masks = {it.key: it.masked for it in reveal.hidden(zhou)}
    assert masks == {"id_number": "*" * 18, "phone": "*" * 8}
