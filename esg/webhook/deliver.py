"""A signed event → somebody's URL, by the same checks of addresses as a fetch: it cannot reach inside."""

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpcore

from esg.deadline import Deadline
from esg.errors import Rejected, Transient
from esg.fetch import FetchLimits, check_url
from esg.fetch.addresses import Resolver, permitted, resolve
from esg.fetch.answer import header, retry_seconds
from esg.fetch.connection import PinnedBackend, within
from esg.fetch.failures import translated
from esg.webhook.event import Event
from esg.webhook.signature import HEADER, sign

if TYPE_CHECKING:
    import httpx

LOOK_UP_SECONDS = 5.0
_GONE = 410


def check(url: str, *, allow_private: bool = False, resolver: Resolver = resolve) -> None:
    """Refuse a URL that could never be told: raises `Rejected` (unsupported_url, refused_address).

    A name that cannot be looked up now is looked up again at each delivery, and its address is checked then.
    """
    try:
        _refuse_private(url, allow_private=allow_private, resolver=resolver)
    except Rejected as error:
        step = "Give a webhook that the public internet reaches, without a user name or password."
        raise Rejected(error.message, code=error.code, next_step=step) from error


def _refuse_private(url: str, *, allow_private: bool, resolver: Resolver) -> None:
    place = check_url(url)
    port = place.port or (443 if place.scheme == "https" else 80)

    def look_up() -> list[str]:
        return permitted(place.host, port, resolver=resolver, allow_private=allow_private)

    with suppress(OSError, UnicodeError, httpcore.TimeoutException):
        within(Deadline.after(LOOK_UP_SECONDS), look_up)


def deliver(
    event: Event,
    url: str,
    *,
    secret: str,
    limits: FetchLimits,
    traceparent: str = "",
    resolver: Resolver = resolve,
    tcp: httpcore.NetworkBackend | None = None,
) -> None:
    """POST an event; any 2xx answer takes it, and no redirection is followed.

    Raises `Rejected` where trying again would not help (410, refused_address, …), else `Transient`.
    """
    import httpx

    body, place = event.encode(), check_url(url)
    deadline = Deadline.after(limits.timeout_seconds)
    backend = PinnedBackend(deadline, resolver, allow_private=limits.allow_private, tcp=tcp)
    headers: list[tuple[bytes | str, bytes | str]] = [
        ("Host", place.netloc),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("User-Agent", "esg-engine"),
        ("X-ESG-Event", event.type),
        ("X-ESG-Event-Id", event.id),
        (HEADER, sign(body, secret, now=time.time())),
        *([("traceparent", traceparent)] if traceparent else []),
    ]
    target = httpcore.URL(
        scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=place.raw_path
    )
    context = httpx.create_ssl_context(trust_env=True)
    with (
        httpcore.ConnectionPool(ssl_context=context, network_backend=backend) as pool,
        translated(place),
        pool.stream("POST", target, headers=headers, content=body) as response,
    ):
        _check(response, place)


def _check(response: httpcore.Response, place: "httpx.URL") -> None:
    """The body of an answer is not read: nothing is done with it, and it may be without end."""
    if 200 <= response.status < 300:
        return
    said = f"{place.host} answered {response.status} to a webhook."
    if response.status == _GONE:
        raise Rejected(said, code="webhook_gone")
    seconds = retry_seconds(header(response, b"retry-after"), now=datetime.now(UTC))
    raise Transient(said, next_step="It is told again later.", retry_after_seconds=seconds)
