"""Errors → problem+json (RFC 9457): what went wrong, for a program and for a person, and what to do next."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from api.pages import page
from esg.errors import EsgError, Misconfigured, NotFound, Rejected, Transient

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5

STATUS_OF_CODE = {  # of Rejected; any other is 422: well-formed, yet not to be processed
    "unsupported_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "not_a_pdf": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "too_big": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "no_such_page": HTTPStatus.NOT_FOUND,
    "object_damaged": HTTPStatus.INTERNAL_SERVER_ERROR,
}

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

logger = logging.getLogger("esg.api")


class Problem(HTTPException):
    """An error with the members of a problem document; `extra` are members of its own."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str,
        next_step: str = "",
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code
        self.members = ({"next_step": next_step} if next_step else {}) | extra


def unsupported(detail: str) -> Problem:
    """The answer to a body of a kind that the route does not take."""
    return Problem(415, detail, code="unsupported_media_type")


def handle_all(app: FastAPI) -> None:
    """Answer every error of a route with a problem document."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(EsgError, _esg)


def document(error: Problem, *, instance: str = "") -> dict[str, Any]:
    """Lay out a problem document, without an address where it is only part of an answer."""
    return {
        "type": f"urn:esg:problem:{error.code}",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": error.detail,
        **({"instance": instance} if instance else {}),
        **error.members,
    }


def response(error: Problem, scope: Scope) -> Response:
    """Answer with the document; a browser on one of our pages gets it as a page."""
    body = document(error, instance=scope["path"])
    if not scope["path"].startswith("/v1/") and "text/html" in Headers(scope=scope).get("accept", ""):
        shown = page("problem.html.j2", status=error.status_code, problem={"next_step": ""} | body)
        shown.headers.update(error.headers or {})
        return shown
    return JSONResponse(body, error.status_code, headers=error.headers, media_type=MEDIA_TYPE)


def of_error(error: EsgError) -> Problem:
    """Translate an error of the library; its words are ours and fit to be shown."""
    if isinstance(error, NotFound):
        return Problem(404, error.message, code="not_found", next_step=error.next_step)
    if isinstance(error, Rejected):
        status = STATUS_OF_CODE.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
        return Problem(status, error.message, code=error.code, next_step=error.next_step)
    if isinstance(error, Transient):
        seconds = max(1, round(error.retry_after_seconds or RETRY_AFTER_SECONDS))
        headers = {"Retry-After": str(seconds)}
        return Problem(503, error.message, code="unavailable", next_step=error.next_step, headers=headers)
    code = "misconfigured" if isinstance(error, Misconfigured) else "internal"
    return Problem(500, error.message, code=code, next_step=error.next_step)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Say what pydantic found; what was sent is not sent back."""
    found = [
        {"where": ".".join(str(step) for step in error["loc"]), "what": error["msg"]} for error in errors
    ]
    summary = "; ".join(f"{one['where']}: {one['what']}" for one in found[:3])
    return Problem(422, f"The request cannot be used: {summary}.", code="validation", errors=found)


async def _esg(request: Request, error: Exception) -> Response:
    assert isinstance(error, EsgError)  # noqa: S101  # nosec B101  # as registered
    problem = of_error(error)
    if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s: %s", problem.code, error)
    return response(problem, request.scope)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # nosec B101  # as registered
    if not isinstance(error, Problem):
        phrase = HTTPStatus(error.status_code).phrase
        error = Problem(
            error.status_code,
            _sentence(error, phrase, request),
            code=phrase.lower().replace(" ", "_").replace("-", "_"),
            headers={**(error.headers or {}), **_allowed(error, request)},
        )
    return response(error, request.scope)


def _allowed(error: HTTPException, request: Request) -> dict[str, str]:
    """Of a method that is not possible: those that are, of all routes at this address (RFC 9110 §15.5.6)."""
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return {}
    scope, described = dict(request.scope), request.app.openapi()["paths"].get(request.url.path)
    allowed = [method for method in METHODS if method.lower() in (described or ())] or [
        method
        for method in METHODS
        if any(
            route.matches(scope | {"method": method})[0] is Match.FULL for route in request.app.router.routes
        )
    ]
    return {"Allow": ", ".join((["HEAD"] if "GET" in allowed else []) + allowed)}


def _sentence(error: HTTPException, phrase: str, request: Request) -> str:
    if error.detail and error.detail != phrase:
        return str(error.detail)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return "There is nothing at this address."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not possible here."
    return phrase


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # nosec B101  # as registered
    return response(of_validation(error.errors()), request.scope)
