"""Examples of the errors that a route may answer, in the words of whoever answers so."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from api import company_cards, cursors, gate, guard, once, openapi_examples, problems, shelf, submissions
from api.caller import lacking, unauthorized
from api.openapi_sample import COMPANY, NAME, RECORD, SCORED
from api.problems import Problem
from api.rates import Taken
from api.routes import documents, health, scores
from esg.errors import Transient
from esg.settings import Settings
from esg.state import KeyScope
from esg.state.documents import missing as no_document
from esg.state.jobs import missing as no_job

Json = dict[str, Any]


class Refusal(NamedTuple):
    """An error, and what of the path was asked for where that is not what the other examples ask for."""

    problem: Problem
    path: Mapping[str, Any] = {}


def _invalid(where: str, what: str, path: Mapping[str, Any] | None = None) -> Refusal:
    """What pydantic finds wrong."""
    return Refusal(problems.of_validation([{"loc": tuple(where.split(".")), "msg": what}]), path or {})


def _limit(setting: str) -> int:
    limit: int = Settings.model_fields[setting].default
    return limit


PAGES, RATE, BACKLOG = RECORD.document.pages, _limit("api_key_rate"), _limit("max_backlog")
UNAVAILABLE = Transient(
    "The state database does not answer.", next_step="Check ESG_DATABASE_URL with `esg doctor`."
)

EVERYWHERE = (Refusal(guard.wrong_host()),)
BEHIND_THE_GATE = (
    Refusal(unauthorized("This needs an API key.")),
    Refusal(gate.too_often("key", Taken(False, 0, 60.0, 60.0 / RATE, RATE))),
    Refusal(problems.of_error(UNAVAILABLE)),
)
NO_DOCUMENT = Refusal(problems.of_error(no_document(RECORD.document.id)))
NO_COMPANY = Refusal(company_cards.unknown(COMPANY.name))
YEAR = "Input should be greater than or equal to 1900"

OF_PARAMETER: Mapping[str, tuple[Refusal, ...]] = {
    "cursor": (Refusal(cursors.bad()),),
    "document": (NO_DOCUMENT,),
    "document_id": (
        NO_DOCUMENT,
        _invalid("path.document_id", "String should match pattern '^[0-9a-f]{64}$'", {"document_id": NAME}),
    ),
    "evidence": (Refusal(shelf.no_evidence("0" * 16)),),
    "Idempotency-Key": (Refusal(once.reused()), Refusal(submissions.too_much(BACKLOG + 1, BACKLOG))),
    "job_id": (
        Refusal(problems.of_error(no_job(SCORED.id))),
        _invalid("path.job_id", "String should match pattern '^[0-9A-Za-z-]{1,64}$'", {"job_id": "job_1"}),
    ),
    "number": (Refusal(shelf.no_page(PAGES + 1, PAGES), {"number": PAGES + 1}),),
    "slug": (Refusal(company_cards.unknown("quernlow"), {"slug": "quernlow"}),),
    "year": (_invalid("query.year", YEAR),),
}
OF_ROUTE: Mapping[str, tuple[Refusal, ...]] = {
    "POST /v1/documents": (
        _invalid("body.year", YEAR),
        Refusal(documents.no_file()),
        Refusal(submissions.no_rubric("quernlow")),
        Refusal(problems.unsupported(documents.ONE_REPORT)),
        Refusal(guard.too_big(_limit("max_document_bytes"))),
    ),
    "POST /v1/documents/bulk": (
        _invalid("body.documents", "List should have at least 1 item after validation, not 0"),
        Refusal(documents.no_file()),
        Refusal(problems.unsupported(documents.REPORTS)),
        Refusal(guard.too_big(guard.LIST_BODY_BYTES, guard.LESS)),
    ),
    "POST /v1/scores": (
        _invalid("body.year", YEAR),
        Refusal(scores.none_read()),
        NO_DOCUMENT,
        Refusal(submissions.no_rubric("quernlow")),
        Refusal(guard.too_big(guard.SMALL_BODY_BYTES, guard.LESS)),
    ),
    "POST /score": (
        _invalid("body.query", "Field required"),
        NO_COMPANY,
        Refusal(guard.too_big(guard.SMALL_BODY_BYTES, guard.LESS)),
    ),
    "GET /trace": (NO_COMPANY,),
    "GET /v1/compare": (NO_COMPANY,),
}
NOT_READY = (Refusal(health.not_ready({"broker": "the broker does not answer"})),)


def add(route: str, operation: Json) -> None:
    """Describe the errors of an operation, instead of FastAPI's own, which we never send."""
    responses = operation["responses"]
    responses.pop("422", None)
    if "503" in responses:
        responses["503"]["content"] = _content(route, NOT_READY)
    content = _content(route, refusals(route, operation))
    responses["default"] = {"description": "Any error, as a problem document.", "content": content}


def refusals(route: str, operation: Json) -> Iterator[Refusal]:
    """What may be answered, by what is asked and whether anybody may ask."""
    yield from OF_ROUTE.get(route, ())
    for parameter in operation.get("parameters", ()):
        yield from OF_PARAMETER.get(parameter["name"], ())
    if not gate.is_open(_path(route)):
        yield Refusal(lacking(_scope(route)))
        yield from BEHIND_THE_GATE
    yield from EVERYWHERE


def _scope(route: str) -> KeyScope:
    """Whoever sends reports or stops jobs needs another scope than whoever reads."""
    return KeyScope.SUBMIT if route.startswith(("POST /v1/", "DELETE ")) else KeyScope.READ


def _content(route: str, told: Iterator[Refusal] | tuple[Refusal, ...]) -> Json:
    examples: dict[str, Json] = {}
    for problem, path in told:
        value = problems.document(problem, instance=_address(route, path))
        examples.setdefault(problem.code, {"value": value})
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    return {problems.MEDIA_TYPE: {"schema": schema, "examples": examples}}


def _address(route: str, path: Mapping[str, Any]) -> str:
    return _path(route).format_map({**openapi_examples.PARAMETERS, **path})


def _path(route: str) -> str:
    return route.partition(" ")[2]
