"""Where a document comes from decides how it is read; what it is, only its bytes decide."""

import re
from datetime import UTC, datetime

from esg.domain import Fetched
from esg.fetch.file import read_file
from esg.fetch.limits import FetchLimits
from esg.fetch.sniff import sniff

_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_url(source: str) -> bool:
    return _URL.match(source) is not None


def fetch(source: str, *, limits: FetchLimits, traceparent: str = "") -> Fetched:
    """Read a file or an http(s) URL, whose server is told of the trace (W3C) that it is asked in.

    Raises `Rejected` (not_found, forbidden, too_big, refused_address, unsupported_type, not_a_pdf, empty, …)
    where trying again would not help, else `Transient`.
    """
    if is_url(source):
        from esg.fetch.http import download  # the HTTP client is loaded only by those who need it

        return download(source, limits=limits, traceparent=traceparent)
    data = read_file(source, max_bytes=limits.max_bytes)
    return Fetched(source, data, sniff(data, name=source), datetime.now(UTC))


def from_bytes(data: bytes, *, name: str) -> Fetched:
    """Take an upload; `name` is what the sender calls it. Raises `Rejected` as `fetch` does."""
    return Fetched(name, data, sniff(data, name=name), datetime.now(UTC))
