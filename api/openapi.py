"""The OpenAPI description: FastAPI's, with the scorecard's own JSON Schema in it."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import openapi_links
from api.gate import is_open
from api.problems import Problem, document
from api.schemas import BulkRequest, ProblemDocument, UrlSubmission
from esg import report

DESCRIPTION = """Send a sustainability report, get its maturity scorecard: every level and every number with
the words on the page that it stands on. Errors are `application/problem+json` (RFC 9457)."""

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: esg keys create NAME"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same."},
}
ERRORS = {"default": "Any error, as a problem document."}
EXAMPLES = (  # of errors: status, code, what is said, what to do
    (404, "no_such_company", "There is no company 'acme'.", "See /v1/companies."),
    (405, "method_not_allowed", "PUT is not possible here.", ""),
    (
        413,
        "too_big",
        "This is more than 204,864 KiB.",
        "Send a smaller file.",
    ),
    (415, "unsupported_media_type", "A report is sent as multipart/form-data, or named by its URL.", ""),
    (422, "validation", "The request cannot be used: query.year: Input should be a valid integer.", ""),
    (422, "idempotency_key_reused", "This Idempotency-Key was sent before with another request.", ""),
    (
        429,
        "backlog",
        "10,001 stage runs are waiting.",
        "Send it again later.",
    ),
    (503, "unavailable", "The state database does not answer.", "Check ESG_DATABASE_URL with `esg doctor`."),
)


def describe(app: FastAPI) -> dict[str, Any]:
    """Build the description once."""
    if not app.openapi_schema:
        spec = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        schemas |= scorecard_schemas() | {
            model.__name__: model.model_json_schema(ref_template="#/components/schemas/{model}")
            for model in (UrlSubmission, BulkRequest, ProblemDocument)
        }
        spec["components"]["securitySchemes"] = SECURITY
        for path, methods in spec["paths"].items():
            for operation in methods.values():
                _answer_with_problems(operation)
                operation["security"] = [] if is_open(path) else [*({name: []} for name in SECURITY), {}]
        openapi_links.add(spec)
        app.openapi_schema = spec
    return app.openapi_schema


def scorecard_schemas() -> dict[str, Any]:
    """The scorecard's schema as components: its `$defs` under names of their own."""
    text = json.dumps(report.schema()).replace("#/$defs/", "#/components/schemas/Scorecard_")
    whole: dict[str, Any] = json.loads(text)
    parts = whole.pop("$defs")
    for key in ("$schema", "$id"):
        whole.pop(key)
    return {"Scorecard": whole} | {f"Scorecard_{name}": part for name, part in parts.items()}


def _examples() -> dict[str, Any]:
    told = (Problem(status, said, code=code, next_step=step) for status, code, said, step in EXAMPLES)
    return {one.code: {"value": document(one)} for one in told}


def _answer_with_problems(operation: dict[str, Any]) -> None:
    """Replace FastAPI's own error shape, which we never send."""
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    content = {"application/problem+json": {"schema": schema, "examples": _examples()}}
    responses = operation["responses"]
    responses.pop("422", None)
    if "503" in responses:
        responses["503"]["content"] = content
    responses["default"] = {"description": ERRORS["default"], "content": content}
