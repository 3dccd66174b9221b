"""The description has examples wherever something is asked or answered: true ones, all of one report."""

import csv
import io
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from api.openapi_sample import CARD, HIT, RECORD
from esg.domain import Fetched, chunk_id, document_id
from esg.extract import Extraction
from esg.report import validate
from esg.score import verify
from esg.settings import Settings

Json = dict[str, Any]
PROBLEM = "application/problem+json"
SAYS_NOTHING = {  # in JSON: files, and a page that is made to be looked at
    "application/pdf",
    "application/vnd.apache.parquet",
    "application/zip",
    "image/png",
    "text/html",
}
IDS = {"document_id", "doc_id", "source_hash", "job_id", "slug", "company", "year"}


class Shown(NamedTuple):
    """An example, and where in the description it stands: the route, and the name or media type."""

    where: str
    schema: Json
    value: Any


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Json:
    described = create_app(Settings(home=tmp_path_factory.mktemp("home"))).openapi()
    copied: Json = json.loads(json.dumps(described, allow_nan=False))
    return copied


def operations(spec: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def parameters(spec: Json) -> Iterator[tuple[str, Json]]:
    for route, operation in operations(spec):
        for parameter in operation.get("parameters", ()):
            yield f"{route}: {parameter['name']}", parameter


def bodies(spec: Json) -> Iterator[tuple[str, str, Json]]:
    for route, operation in operations(spec):
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{route}: {media}", media, content


def answers(spec: Json) -> Iterator[tuple[str, str, Json]]:
    for route, operation in operations(spec):
        for status, response in operation["responses"].items():
            for media, content in response.get("content", {}).items():
                yield f"{route} {status}: {media}", media, content


def values(told: Json) -> list[Any]:
    """The examples of a parameter, a body or an answer, where OpenAPI 3.1 has room for one."""
    schema = told.get("schema", {})
    own = [told["example"]] if "example" in told else []
    named = [one["value"] for one in told.get("examples", {}).values()]
    return [*own, *named, *schema.get("examples", ())]


def everything(spec: Json) -> Iterator[Shown]:
    contents = [(where, content) for where, _, content in (*bodies(spec), *answers(spec))]
    for where, told in (*parameters(spec), *contents):
        yield from (Shown(where, told["schema"], value) for value in values(told))


def members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "links":
                yield from members(inner) if isinstance(inner, dict | list) else [(name, inner)]
    elif isinstance(value, list):
        for inner in value:
            yield from members(inner)


# -- there is one


def test_every_answer_has_an_example(spec: Json) -> None:
    told = list(answers(spec))

    assert [
        where for where, media, content in told if media not in SAYS_NOTHING and not values(content)
    ] == []
    assert [where for where, media, content in told if media in SAYS_NOTHING and values(content)] == []


def test_every_parameter_has_an_example(spec: Json) -> None:
    assert [where for where, parameter in parameters(spec) if not values(parameter)] == []


def test_every_body_has_an_example(spec: Json) -> None:
    assert [
        w for w, media, content in bodies(spec) if media not in SAYS_NOTHING and not values(content)
    ] == []


def test_what_may_be_left_out_is_not_filled_in(spec: Json) -> None:
    """Swagger UI sends an `example` of a parameter: all filters at once would find nothing."""
    filled = [
        where for where, p in parameters(spec) if not p["required"] and {"example", "examples"} & set(p)
    ]

    assert filled == []


# -- it is true


def test_every_example_keeps_its_schema(spec: Json) -> None:
    wrong = [
        (shown.where, error.message[:200])
        for shown in everything(spec)
        for error in Draft202012Validator(shown.schema | {"components": spec["components"]}).iter_errors(
            shown.value
        )
    ]

    assert wrong == []


def test_an_example_of_an_error_is_what_this_route_answers(spec: Json) -> None:
    for route, operation in operations(spec):
        path = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route.partition(" ")[2]))
        for status, response in operation["responses"].items():
            for code, shown in response.get("content", {}).get(PROBLEM, {"examples": {}})["examples"].items():
                problem = shown["value"]
                assert problem["type"] == f"urn:esg:problem:{code}", route
                assert problem["title"] == HTTPStatus(problem["status"]).phrase, route
                assert status in ("default", str(problem["status"])), route
                assert re.fullmatch(path, problem["instance"]), route


def test_an_example_is_of_an_error_that_can_be(spec: Json) -> None:
    told = {
        route: operation["responses"]["default"]["content"][PROBLEM] for route, operation in operations(spec)
    }
    codes = {route: set(content["examples"]) for route, content in told.items()}

    assert codes["GET /health"] == {"wrong_host"}
    assert {"unauthorized", "missing_scope", "rate_limited", "unavailable"} <= codes["GET /v1/companies"]
    assert {"not_found", "no_such_page", "no_such_evidence"} <= codes[
        "GET /v1/documents/{document_id}/pages/{number}.png"
    ]
    assert {"too_big", "backlog", "idempotency_key_reused", "no_file"} <= codes["POST /v1/documents"]
    assert all("too_big" not in found for route, found in codes.items() if not route.startswith("POST"))
    assert {route for route, found in codes.items() if "bad_cursor" in found} == {
        route.partition(":")[0] for route, parameter in parameters(spec) if parameter["name"] == "cursor"
    }


def test_all_examples_are_of_one_report(spec: Json) -> None:
    identity = RECORD.document.identity
    one = {
        "document_id": {RECORD.document.id, None},
        "doc_id": {RECORD.document.id},
        "source_hash": {RECORD.document.id},
        "company": {identity.company},
        "year": {identity.year},
    }
    told: dict[str, set[Any]] = {}
    for shown in everything(spec):
        for name, value in members({shown.where.rpartition(": ")[2]: shown.value}):
            if name in IDS:
                told.setdefault(name, set()).add(value)

    assert {name: told[name] for name in one} == one
    assert len(told["job_id"]) == len(told["slug"]) == 1


def test_the_report_of_the_examples_is_a_sample(original: Fetched, extraction: Extraction) -> None:
    document, chunk = RECORD.document, HIT.chunk
    pages = {page.number: page.text for page in extraction.pages}

    assert document.id == document_id(original.data)
    assert (document.size_bytes, document.pages) == (len(original.data), len(pages))
    assert (document.source, document.media_type) == (original.source, original.media_type)
    assert verify(CARD, extraction.pages) == []
    assert chunk.text == "\n".join(pages[span.page][span.start : span.end] for span in chunk.spans)
    assert chunk.id == chunk_id(document.id, chunk.spans, chunk.text)
    assert CARD.overall.score == round(sum(theme.level for theme in CARD.themes) / len(CARD.themes), 2)


def test_scorecards_are_whole(spec: Json) -> None:
    """A list of scorecards is described as one of objects: their own schema is asked here."""
    answer = spec["paths"]["/v1/compare"]["get"]["responses"]["200"]["content"]["application/json"]

    for value in values(answer):
        for company in value["companies"]:
            validate(company["scorecard"])


def test_texts_are_what_is_sent(spec: Json) -> None:
    sheet = spec["paths"]["/v1/documents/{document_id}/scorecard"]["get"]["responses"]["200"]["content"][
        "text/csv"
    ]
    events = spec["paths"]["/v1/jobs/{job_id}/events"]["get"]["responses"]["200"]["content"][
        "text/event-stream"
    ]

    rows = list(csv.DictReader(io.StringIO(values(sheet)[0].removeprefix("\ufeff"))))
    assert {row["document_id"] for row in rows} == {RECORD.document.id}
    assert [event["event"] for event in values(events)] == ["progress", "end"]
    assert {json.loads(event["data"])["document_id"] for event in values(events)} == {RECORD.document.id}


def test_the_description_is_built_without_opening_anything(tmp_path: Path) -> None:
    create_app(Settings(home=tmp_path / "home")).openapi()

    assert list(tmp_path.iterdir()) == []
