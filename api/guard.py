"""What may come in at all: requests meant for us, not for someone else through a browser, and not too big.

The embedded API needs no key because only this machine reaches it. A web page in the user's browser reaches
it too: so the name it was called by must be ours (DNS rebinding), and other sites may not write (CSRF). Where
keys are needed a browser sends one by itself, so both hold there, too.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.problems import Problem
from esg.hosts import is_known
from esg.settings import Settings
from esg.tunnel import Tunnel

NAMES = "Call it by localhost, or by a name that ESG_API_HOSTS lists."
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FORM_SLACK_BYTES = 64 * 1024  # of a multipart body besides the file itself
SMALL_BODY_BYTES = 64 * 1024  # of any request that sends no document
LIST_BODY_BYTES = 1024 * 1024  # of one that names many
SMALLER_FILE = (
    "Send a smaller file, or raise ESG_MAX_DOCUMENT_BYTES (ESG_MAX_BULK_BYTES for many in one request)."
)
LESS = "Send less at once; a report is sent as a form's file."
FILE_TYPES = ("multipart/form-data", "application/zip")


class Limit(NamedTuple):
    """How long a body may be, and what to do about a longer one."""

    size: int  # bytes
    next_step: str


class Guard:
    """Refuse before a route is asked, in this order: wrong name, foreign site, bad address, body too big."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._tunnel = Tunnel(settings.ngrok_api_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit(scope, headers)
        error = await self._stranger(headers) or self._refusal(scope, headers, limit)
        if error:
            await problems.response(error, scope)(scope, receive, send)
        else:
            await self.app(scope, _counted(receive, limit), send)

    async def _stranger(self, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if is_known(host, self._settings):
            return None
        if self._tunnel.is_set and await run_in_threadpool(self._tunnel.has, host):
            return None
        return wrong_host()

    def _refusal(self, scope: Scope, headers: Headers, limit: Limit) -> Problem | None:
        if scope["method"] not in SAFE_METHODS and is_foreign(headers):
            return Problem(403, "Another site may not send this.", code="cross_site")
        if not scope["query_string"].isascii():
            return bad_address()
        length = headers.get("content-length", "")
        return too_big(*limit) if length.isdigit() and int(length) > limit.size else None

    def _limit(self, scope: Scope, headers: Headers) -> Limit:
        """How long a body may be: only files are, which go to disk; all others are read into memory."""
        path = scope["path"].rstrip("/")
        is_file = scope["method"] == "POST" and headers.get("content-type", "").lower().startswith(FILE_TYPES)
        if is_file and path.endswith("/documents"):
            return Limit(self._settings.max_document_bytes + FORM_SLACK_BYTES, SMALLER_FILE)
        if is_file and path.endswith("/documents/bulk"):
            return Limit(self._settings.max_bulk_bytes + FORM_SLACK_BYTES, SMALLER_FILE)
        return Limit(LIST_BODY_BYTES if path.endswith("/documents/bulk") else SMALL_BODY_BYTES, LESS)


def is_foreign(headers: Headers) -> bool:
    """Whether a browser says that another site's page sends this."""
    site = headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != headers.get("host", "")


def wrong_host() -> Problem:
    return Problem(421, "This server is not known by that name.", code="wrong_host", next_step=NAMES)


def bad_address() -> Problem:
    """Some servers let bytes through that no URL holds (RFC 3986 §2); h11, which ours is, lets none."""
    detail = "The query holds bytes that no address holds."
    return Problem(400, detail, code="bad_address", next_step="Write every byte above 127 as %XX.")


def too_big(limit: int, next_step: str = SMALLER_FILE) -> Problem:
    return Problem(
        413,
        f"This is more than {limit // 1024:,} KiB.",
        code="too_big",
        next_step=next_step,
        headers={"Connection": "close"},
    )


def _counted(receive: Receive, limit: Limit) -> Receive:
    """Count the body as it comes; a body without a stated length ends at the limit, not in memory."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit.size:
            raise too_big(*limit)
        return message

    return counting
