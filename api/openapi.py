"""The OpenAPI description: FastAPI's, with the scorecard's own JSON Schema in it."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.gate import is_open
from api.schemas import ProblemDocument, UrlSubmission
from esg import report

DESCRIPTION = """Send a sustainability report, get its maturity scorecard: every level and every number with
the words on the page that it stands on. Errors are `application/problem+json` (RFC 9457)."""

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: esg keys create NAME"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same."},
}
ERRORS = {"default": "Any error, as a problem document."}


def describe(app: FastAPI) -> dict[str, Any]:
    """Build the description once."""
    if not app.openapi_schema:
        spec = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        schemas |= scorecard_schemas() | {
            model.__name__: model.model_json_schema(ref_template="#/components/schemas/{model}")
            for model in (UrlSubmission, ProblemDocument)
        }
        spec["components"]["securitySchemes"] = SECURITY
        for path, methods in spec["paths"].items():
            for operation in methods.values():
                _answer_with_problems(operation)
                operation["security"] = [] if is_open(path) else [*({name: []} for name in SECURITY), {}]
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


def _answer_with_problems(operation: dict[str, Any]) -> None:
    """Replace FastAPI's own error shape, which we never send."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    responses = operation["responses"]
    responses.pop("422", None)
    if "503" in responses:
        responses["503"]["content"] = content
    responses["default"] = {"description": ERRORS["default"], "content": content}
