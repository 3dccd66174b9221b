"""The OpenAPI description: FastAPI's, with the scorecard's own JSON Schema, errors, links and examples."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import openapi_examples, openapi_links, openapi_problems
from api.gate import is_open
from api.schemas import BulkRequest, ProblemDocument, UrlSubmission
from esg import report

DESCRIPTION = """Send a sustainability report, get its maturity scorecard: every level and every number with
the words on the page that it stands on. Errors are `application/problem+json` (RFC 9457)."""

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key: esg keys create NAME"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same."},
}


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
            for method, operation in methods.items():
                openapi_problems.add(f"{method.upper()} {path}", operation)
                operation["security"] = [] if is_open(path) else [*({name: []} for name in SECURITY), {}]
        openapi_links.add(spec)
        openapi_examples.add(spec)
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
