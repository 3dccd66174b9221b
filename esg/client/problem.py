"""Answers other than success → exceptions that hold the problem document (RFC 9457)."""

from typing import Any

import httpx

from esg.errors import EsgError, Transient

LATER = (429, 502, 503, 504)


class ApiProblem(EsgError):
    """The API refused or failed; `document` says why, `code` in a word."""

    def __init__(self, status: int, document: dict[str, Any], *, retry_after_seconds: float | None) -> None:
        said = str(document.get("detail") or document.get("title") or f"The API answered {status}.")
        super().__init__(said, next_step=str(document.get("next_step") or ""))
        self.status = status
        self.document = document
        self.retry_after_seconds = retry_after_seconds

    @property
    def code(self) -> str:
        return str(self.document.get("type", "")).rpartition(":")[2]


class Unreachable(Transient):
    """The API did not answer at all."""


def check(response: httpx.Response) -> httpx.Response:
    """Raise ApiProblem unless it is a success; the body must have been read."""
    if response.is_success:
        return response
    try:
        document = response.json()
    except ValueError:
        document = {}
    after = response.headers.get("retry-after", "")
    raise ApiProblem(
        response.status_code,
        document if isinstance(document, dict) else {},
        retry_after_seconds=float(after) if after.isdigit() else None,
    )
