"""An HTTP answer → go on, go elsewhere, try later or give up."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore

from esg.errors import EsgError, Rejected, Transient

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429})
_MAX_RETRY_AFTER_SECONDS = 3600.0
_FINAL: dict[int, tuple[str, str, str]] = {
    401: ("forbidden", "asks for a log-in", "Download the report and give the file."),
    403: ("forbidden", "refuses access", "Download the report in a browser and give the file."),
    404: ("not_found", "does not exist", "Check the address."),
    410: ("not_found", "was removed", "Look for its new address."),
    451: ("forbidden", "is withheld for legal reasons", "Give a file."),
}


def check_status(response: httpcore.Response, url: str) -> None:
    """Raise what a status other than success or redirection means."""
    status = response.status
    if not (status == 200 or status in _REDIRECTS):
        raise _failure(status, url, header(response, b"retry-after"))


def _failure(status: int, url: str, retry_after: str) -> EsgError:
    if status >= 500 or status in _LATER:
        return Transient(
            f"{url} answered {status}.",
            next_step="It is tried again later.",
            retry_after_seconds=retry_seconds(retry_after, now=datetime.now(UTC)),
        )
    code, what, step = _FINAL.get(
        status, ("http_error", "did not send a document", "Open it in a browser and give the file.")
    )
    return Rejected(f"{url} {what} (HTTP {status}).", code=code, next_step=step)


def redirect_target(response: httpcore.Response) -> str | None:
    """Where a redirection leads; raises `Rejected` when it does not say."""
    if response.status not in _REDIRECTS:
        return None
    target = header(response, b"location")
    if not target:
        raise Rejected(
            f"A redirection (HTTP {response.status}) does not say where to.",
            code="http_error",
            next_step="Open it in a browser and give the last address.",
        )
    return target


def header(response: httpcore.Response, name: bytes) -> str:
    """The first value of a header, "" where it is missing."""
    return next((value.decode("latin-1") for key, value in response.headers if key.lower() == name), "")


def retry_seconds(value: str, *, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 §10.2.3): seconds or a date; None where it says nothing usable."""
    try:
        seconds = (
            float(value) if value.strip().isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
        )
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER_SECONDS)
