"""Examples in the description: of every parameter, every body and every answer, all of one report.

What is asked stands here, what is answered in api/openapi_answers.py. Of files nothing is shown but the name.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from api import cursors, openapi_answers, progress
from api.openapi_sample import CARD, COMPANY, EMBEDDING, FIGURE, NAME, QUESTION, RECORD, REFUSED, SCORED, URL

Json = dict[str, Any]

PARAMETERS: Mapping[str, Any] = {
    "careful": True,
    "company": COMPANY.name,
    "crop": True,
    "cursor": cursors.write(str(RECORD.created_at), RECORD.document.id),
    "document": RECORD.document.id,
    "document_id": RECORD.document.id,
    "evidence": FIGURE.evidence,
    "format": "csv",
    "Idempotency-Key": NAME,
    "job_id": SCORED.id,
    "k": 1,
    "last-event-id": progress.id_of(EMBEDDING),
    "limit": 20,
    "meaning": "Greenhouse gases from what the company itself burns: `4,100 tonnes CO2e of Scope 1`.",
    "number": FIGURE.page,
    "q": QUESTION,
    "since": RECORD.created_at.isoformat(),
    "slug": COMPANY.slug,
    "state": "scored",
    "year": COMPANY.years[0],
}
OF_ROUTE: Mapping[tuple[str, str], Any] = {  # where a parameter is another thing than elsewhere
    ("GET /v1/jobs", "cursor"): cursors.write(str(SCORED.created_at), SCORED.id),
    ("GET /v1/companies", "cursor"): cursors.write(COMPANY.slug),
    ("GET /v1/search", "cursor"): cursors.write(1, str(RECORD.created_at)),
    ("GET /v1/compare", "company"): [COMPANY.name],
}

WISHES: Json = {"company": COMPANY.name, "year": COMPANY.years[0], "rubric": CARD.rubric_id}
FORM_SUMMARY = "`file` is the file itself; its name is shown."

BODIES: Mapping[str, Mapping[str, Json]] = {
    "POST /v1/documents": {
        "application/json": {"value": {"url": URL} | WISHES},
        "multipart/form-data": {
            "summary": FORM_SUMMARY,
            "value": {"file": RECORD.document.source} | WISHES,
        },
    },
    "POST /v1/documents/bulk": {
        "application/json": {"value": {"documents": [{"url": URL} | WISHES, {"url": REFUSED}]}},
        "multipart/form-data": {"summary": FORM_SUMMARY, "value": {"file": "reports.zip"} | WISHES},
    },
    "POST /v1/scores": {
        "application/json": {"value": {"document_ids": [RECORD.document.id], "rubric": CARD.rubric_id}}
    },
    "POST /score": {
        "application/json": {"value": {"company": COMPANY.name, "year": COMPANY.years[0], "query": QUESTION}}
    },
}


def add(spec: Json) -> None:
    """Write the examples into a description; what has none stays as it is."""
    answers = openapi_answers.answers()
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            route = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", ()):
                _show(parameter, of_parameter(route, parameter["name"]))
            for media, body in operation.get("requestBody", {}).get("content", {}).items():
                if media in BODIES.get(route, {}):
                    body["examples"] = {"example": BODIES[route][media]}
            for media, answer in _answered(operation):
                if media in answers.get(route, {}):
                    answer["examples"] = answers[route][media]


def of_parameter(route: str, name: str) -> Any:
    """The example of a parameter; None where there is none."""
    return OF_ROUTE.get((route, name), PARAMETERS.get(name))


def _show(parameter: Json, example: Any) -> None:
    """Fill in what must be given; tell what else may be, for Swagger UI sends whatever is filled in."""
    if example is None:
        return
    if parameter["required"]:
        parameter["example"] = example
    else:
        parameter["schema"]["examples"] = [example]


def _answered(operation: Json) -> Iterator[tuple[str, Json]]:
    """What an operation answers where nothing is wrong, by media type."""
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            yield from response.get("content", {}).items()
