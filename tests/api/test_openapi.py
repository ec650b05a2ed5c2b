"""The description is complete: summaries in Chinese, answers and errors, examples that fit; and it needs nothing from elsewhere."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
READ_ERRORS = ["400", "401", "403", "404", "409", "429"]
WRITE_ERRORS = ["400", "401", "403", "404", "409", "413", "415", "422", "429"]


@pytest.fixture(scope="module")
def description() -> Any:
    return Client().get("/api/v1/openapi.json").json()


@pytest.fixture(scope="module")
def operations(description: Any) -> list[tuple[str, str, Any]]:
    return [(method, path, it) for path, methods in description["paths"].items() for method, it in methods.items()]


def test_it_is_openapi_3_1_and_open_to_all(description: Any) -> None:
    assert description["openapi"] == "3.1.0"
    assert description["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_every_operation_says_what_it_does_in_chinese(operations: list[tuple[str, str, Any]]) -> None:
    assert len(operations) == 41
    silent = [path for _, path, it in operations if not re.search("[一-龥]{2}", it["summary"]) or not it["tags"]]
    assert silent == []
    assert len({it["operationId"] for _, _, it in operations}) == 41


def test_every_operation_names_its_errors(operations: list[tuple[str, str, Any]]) -> None:
    for method, path, it in operations:
        errors = sorted(status for status in it["responses"] if status >= "400")
        assert errors == (READ_ERRORS if method == "get" else WRITE_ERRORS), path
        for status in errors:
            assert list(it["responses"][status]["content"]) == ["application/problem+json"], (path, status)


def test_every_write_asks_for_its_key(operations: list[tuple[str, str, Any]]) -> None:
    asked = {
        method: {any(it["name"] == "Idempotency-Key" and it["required"] for it in said["parameters"])}
        for method, _, said in operations
    }
    assert asked == {"get": {False}, "post": {True}}


def shapes(it: Any) -> Any:
    """The schemas of the body and of the success of an operation."""
    if "requestBody" in it:
        yield it["requestBody"]["content"]["application/json"]["schema"]
    success = next(said for status, said in it["responses"].items() if str(status) < "300")
    yield success["content"]["application/json"]["schema"]


def test_every_body_and_answer_has_an_example_that_fits(
    description: Any, operations: list[tuple[str, str, Any]]
) -> None:
    known = description["components"]["schemas"]
    for _, path, it in operations:
        for shape in shapes(it):
            names = re.findall(r"#/components/schemas/(\w+)", json.dumps(shape))
            assert names, path
            rows = [found for name in names for found in [name, *item_of(known[name])] if "examples" in known[found]]
            assert rows, (path, names)


def item_of(shape: Any) -> list[str]:
    """The shape of the items of a page."""
    return re.findall(r"#/components/schemas/(\w+)", json.dumps(shape))


def test_the_examples_are_as_the_shapes_say(description: Any) -> None:
    known = description["components"]["schemas"]
    shown = {name: it["examples"] for name, it in known.items() if "examples" in it}
    assert len(shown) == 33
    for name, examples in shown.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        for example in examples:
            jsonschema_rs.validator_for(schema).validate(example)


def test_no_page_of_scripts_from_elsewhere_is_served() -> None:
    assert Client().get("/api/v1/docs").status_code == 404


def test_the_page_for_people_names_every_operation(operations: list[tuple[str, str, Any]]) -> None:
    written = DOCS.read_text()
    missing = [
        path for method, path, _ in operations if f"`{method.upper()} {path.removeprefix('/api/v1')}`" not in written
    ]
    assert missing == []
