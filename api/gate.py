"""Who may ask at all, and how often: all but what is `OPEN` needs a key, unless it is of this machine alone.

Here and not in the routes, so that a route somebody adds is shut until its key is there. What this machine's
user asks without a key is not counted: nobody else is kept waiting by it.
"""

import ipaddress
import math
import time

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.caller import Caller, credential, is_local, unauthorized
from api.metrics import Metrics
from api.problems import Problem
from api.rates import Rates, Taken
from esg.errors import EsgError
from esg.hosts import needs_key
from esg.resources import Resources

OPEN = ("/health", "/live", "/ready", "/openapi.json", "/docs")  # they tell nothing of anybody
OPEN_FOLDERS = ("/docs/", "/assets/")
RECHECK_SECONDS = 5.0  # how long an answer that goes on, as events do, may outlive its key
HOME_BITS = 64  # of an IPv6 address: whoever has one has all that begin alike


class Gate:
    """Pure ASGI: finds out who asks and leaves it as `request.state.caller`."""

    def __init__(self, app: ASGIApp, *, resources: Resources, rates: Rates, metrics: Metrics) -> None:
        self.app = app
        self._resources = resources
        self._settings = resources.settings
        self._is_keyless = not needs_key(resources.settings)
        self._rates = rates
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key, taken = credential(headers), list[Taken]()
        telling = _telling(send, taken)
        if key is None and self._is_keyless and is_local(scope, headers):
            caller = Caller()
        else:
            try:
                caller = await run_in_threadpool(self._admitted, scope, key, taken)
            except (Problem, EsgError) as error:
                problem = error if isinstance(error, Problem) else problems.of_error(error)
                await problems.response(problem, scope)(scope, receive, telling)
                return
        scope.setdefault("state", {})["caller"] = caller
        try:
            await self.app(scope, receive, self._watching(telling, key) if key else telling)
        except* _Revoked:
            pass

    def _watching(self, send: Send, key: str) -> Send:
        """End an answer that goes on when its key is revoked meanwhile."""
        checked = time.monotonic()

        async def watching(message: Message) -> None:
            nonlocal checked
            if message.get("more_body") and time.monotonic() - checked >= RECHECK_SECONDS:
                checked = time.monotonic()
                if await run_in_threadpool(self._resources.state.key_holder, key) is None:
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    raise _Revoked
            await send(message)

        return watching

    def _admitted(self, scope: Scope, key: str | None, taken: list[Taken]) -> Caller:
        """The address is counted before the key is looked at: guessing keys is asking, too."""
        if scope.get("client"):
            address = home_of(scope["client"][0])
            self._count("address", address, self._settings.api_address_rate, taken)
        if key is None:
            raise unauthorized("This needs an API key.")
        caller = self._holder(key)
        rate = caller.rate_per_minute or self._settings.api_key_rate
        self._count("key", caller.key_id, rate, taken)
        return caller

    def _holder(self, text: str) -> Caller:
        """Asked in SQL each time: a key that is revoked opens nothing from then on, in any process."""
        key = self._resources.state.key_holder(text)
        if key is None:
            raise unauthorized("This key is not valid.", error="invalid_token")
        return Caller.of(key)

    def _count(self, what: str, name: str, per_minute: int, taken: list[Taken]) -> None:
        if not per_minute:
            return
        taken.append(self._rates.take(f"{what}:{name}", per_minute))
        if not taken[-1].is_granted:
            self._metrics.limited.labels(what).inc()
            raise too_often(what, taken[-1])


class _Revoked(Exception):
    """The key of an answer under way opens nothing any more."""


def is_open(path: str) -> bool:
    """Whether anybody may ask for this."""
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def home_of(address: str) -> str:
    """An IPv4 address itself, of an IPv6 address its network."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a test client's, or what a proxy calls unknown
        return address
    return address if ip.version == 4 else str(ipaddress.ip_network((ip, HOME_BITS), strict=False))


def too_often(what: str, taken: Taken) -> Problem:
    return Problem(
        429,
        f"This {what} may ask {taken.per_minute:,} times a minute.",
        code="rate_limited",
        next_step="Wait as long as Retry-After says.",
        headers={"Retry-After": str(math.ceil(taken.wait_seconds))},
    )


def _telling(send: Send, taken: list[Taken]) -> Send:
    """Tell with every answer how much is left of the quota that is nearest to its end.

    The names are those of draft-ietf-httpapi-ratelimit-headers-06.
    """

    async def telling(message: Message) -> None:
        if message["type"] == "http.response.start" and taken:
            nearest = min(taken, key=lambda quota: quota.remaining)
            head = MutableHeaders(raw=message.setdefault("headers", []))
            head["RateLimit-Limit"] = str(nearest.per_minute)
            head["RateLimit-Remaining"] = str(nearest.remaining)
            head["RateLimit-Reset"] = str(math.ceil(nearest.whole_seconds))
        await send(message)

    return telling
