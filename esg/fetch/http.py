"""URL → document over http(s): capped, timed, redirects followed by hand, no proxy from the environment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpcore

from esg.deadline import Deadline
from esg.domain import Fetched
from esg.errors import Rejected
from esg.fetch.addresses import Resolver, resolve
from esg.fetch.answer import check_status, header, redirect_target
from esg.fetch.connection import PinnedBackend
from esg.fetch.encoding import inflate
from esg.fetch.failures import translated
from esg.fetch.file import too_big
from esg.fetch.limits import FetchLimits
from esg.fetch.sniff import sniff

if TYPE_CHECKING:
    import httpx  # it loads its own command line, too: only where something is asked for

MAX_REDIRECTS = 5
_NOT_MODIFIED = 304
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0  # of silence
_HEADERS = (
    ("Accept", "application/pdf, text/html;q=0.9, */*;q=0.1"),
    ("Accept-Encoding", "identity"),  # the cap counts what is kept; not every server listens
    ("User-Agent", "esg-engine (reads published sustainability reports)"),
)
_KEPT_HEADERS = frozenset({"content-type", "content-length", "last-modified", "etag", "date"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL gave, whatever it is; `url` is where it was in the end, header names are in lower case."""

    url: str
    data: bytes
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def download(
    url: str,
    *,
    limits: FetchLimits,
    traceparent: str = "",
    resolver: Resolver = resolve,
    tcp: httpcore.NetworkBackend | None = None,
) -> Fetched:
    """Fetch a document; raises `Rejected` or `Transient` as `esg.fetch.fetch` says.

    `resolver` and `tcp` are the network below: who says where a host is, who connects to an address.
    """
    answer = ask(url, limits=limits, traceparent=traceparent, resolver=resolver, tcp=tcp)
    if answer is None:
        raise Rejected(f"{url} says that it has not changed.", code="http_error")
    return as_document(url, answer)


def as_document(url: str, answer: Answer) -> Fetched:
    """Take an answer for a document that was asked for as `url`; raises `Rejected` where it is none."""
    media_type = sniff(answer.data, name=answer.url)
    return Fetched(url, answer.data, media_type, datetime.now(UTC), answer.url, answer.headers)


def ask(
    url: str,
    *,
    limits: FetchLimits,
    etag: str = "",
    last_modified: str = "",
    user_agent: str = "",
    traceparent: str = "",
    resolver: Resolver = resolve,
    tcp: httpcore.NetworkBackend | None = None,
) -> Answer | None:
    """GET a URL, if it has changed since it had `etag` and `last_modified`; None where it has not.

    Raises as `download` does, except for what is in it: that may be anything.
    """
    import httpx

    own = {
        "If-None-Match": etag,
        "If-Modified-Since": last_modified,
        "User-Agent": user_agent,
        "traceparent": traceparent,
    }
    headers = {**dict(_HEADERS), **{name: value for name, value in own.items() if value}}
    deadline = Deadline.after(limits.timeout_seconds)
    backend = PinnedBackend(deadline, resolver, allow_private=limits.allow_private, tcp=tcp)
    place = parse(url)
    with httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=True), network_backend=backend
    ) as pool:
        for _ in range(MAX_REDIRECTS + 1):
            with translated(place), _get(pool, place, headers) as response:
                if response.status == _NOT_MODIFIED and (etag or last_modified):
                    return None
                check_status(response, str(place))
                target = redirect_target(response)
                if target is None:
                    return _answer(place, response, limits)
            place = parse(str(place.join(target)))
    raise Rejected(
        f"{url} redirects more than {MAX_REDIRECTS} times.",
        code="too_many_redirects",
        next_step="Open it in a browser and give the last address.",
    )


def parse(url: str) -> "httpx.URL":
    """Check that a URL is one that may be fetched at all; raises `Rejected` (`unsupported_url`)."""
    import httpx

    try:
        place = httpx.URL(url).copy_with(fragment=None)
        host, port = place.host, 443 if place.port is None else place.port  # reading a host decodes it
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise _unsupported(url, "is not a URL") from error
    if place.scheme not in ("http", "https"):
        raise _unsupported(url, "is not an http or https URL")
    if not host or not 0 < port < 65_536:
        raise _unsupported(url, "names no host and port")
    if place.userinfo:
        raise _unsupported(without_password(url), "was given with a user name or password")
    return place


def without_password(source: str) -> str:
    """A source as it may be kept and shown: a URL's user name and password taken out, a path as it is."""
    scheme, found, rest = source.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}" if found else source


def _unsupported(url: str, why: str) -> Rejected:
    return Rejected(
        f"{url} {why}.", code="unsupported_url", next_step="Give a public http(s) address or a file."
    )


@contextmanager
def _get(
    pool: httpcore.ConnectionPool, place: "httpx.URL", own: Mapping[str, str]
) -> Iterator[httpcore.Response]:
    url = httpcore.URL(scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=place.raw_path)
    headers: list[tuple[bytes | str, bytes | str]] = [("Host", place.netloc), *own.items()]
    timeout = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": READ_SECONDS}
    with pool.stream("GET", url, headers=headers, extensions={"timeout": timeout}) as response:
        yield response


def _answer(place: "httpx.URL", response: httpcore.Response, limits: FetchLimits) -> Answer:
    if _announced_bytes(response) > limits.max_bytes:
        raise too_big(str(place), limits.max_bytes)
    data = _body(response, str(place), limits.max_bytes)
    headers = tuple(
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in response.headers
        if name.decode("latin-1").lower() in _KEPT_HEADERS
    )
    return Answer(str(place), data, headers)


def _announced_bytes(response: httpcore.Response) -> int:
    length = header(response, b"content-length")
    return int(length) if length.isdigit() else 0


def _body(response: httpcore.Response, name: str, max_bytes: int) -> bytes:
    body = bytearray()
    for piece in response.iter_stream():
        body += piece
        if len(body) > max_bytes:
            raise too_big(name, max_bytes)
    return inflate(bytes(body), header(response, b"content-encoding"), name, max_bytes)
