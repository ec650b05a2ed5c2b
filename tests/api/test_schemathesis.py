"""The description kept to its word: generated calls of five identities, good and bad, meet no fault and no answer that is not described.

Short in the suite; `HANGSHI_LONG=1` makes 1,000 calls of each operation, an equal share of each identity with good and with bad data.
A call with its checks is about 20 ms of one core, so that is half an hour where two cores are shared.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from tests.api.conftest import Land, token

LONG = os.environ.get("HANGSHI_LONG") == "1"
WHO, MODES = ("anonymous", "kan", "zhen", "xian", "one scope"), (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
EXAMPLES = 1000 // (len(WHO) * len(MODES)) if LONG else 3
# A NUL is text by its schema and refused with 400; test_malformed.py asks for that sentence.
# Whose call it is, `headers` says: a token spoilt by the generator would be made good by it, and the call rightly answered.
CONFIG = {
    "generation": {"allow-x00": False, "with-security-parameters": False},
    # Beside the usual answers 422: of so many calls two have by chance one Idempotency-Key and two bodies, which is refused as described.
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422", "5xx"]}},
}
generated = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not LONG,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def description(land: Land, settings: Any) -> Iterator[Any]:
    """The server keeps the test's own connection, as Django's test client does, and counts no calls."""
    settings.API_CALLS_A_MINUTE = {"token": 10**9, "address": 10**9}
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    config = SchemathesisConfig.from_dict(CONFIG)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def faults(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> list[str]:
    """What the checks of schemathesis find in generated calls of one operation."""
    found: list[str] = []

    @generated
    @given(case=operation.as_strategy(generation_mode=mode))
    def calls(case: Any) -> None:
        try:
            case.call_and_validate(headers=headers)
        except FailureGroup as failures:
            found.extend(f"{operation.label}: {it}\n{case.as_curl_command()}" for it in failures.exceptions)

    calls()
    return found


def takes(operation: Any) -> bool:
    """Whether it has anything to be said wrongly."""
    return bool([*operation.iter_parameters(), *operation.body])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("who", WHO)
def test_the_description_is_kept(description: Any, land: Land, who: str, mode: GenerationMode) -> None:
    secrets = land.secrets | {"one scope": token("xian", ["figures.read"], name="一项")}
    headers = {"Authorization": f"Bearer {secrets[who]}"} if who in secrets else {}
    operations = [it.ok() for it in description.get_all_operations()]
    assert len(operations) == 41
    asked = [it for it in operations if mode is GenerationMode.POSITIVE or takes(it)]
    assert len(asked) == (41 if mode is GenerationMode.POSITIVE else 37)  # four take nothing that could be bad
    assert [fault for it in asked for fault in faults(it, mode, headers)] == []
