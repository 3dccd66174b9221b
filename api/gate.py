"""Who may ask at all: all but what is `OPEN` needs a key, unless a request is of this machine alone.

Here and not in the routes, so that a route somebody adds is shut until its key is there.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from api.caller import Caller, credential, is_local, unauthorized
from api.problems import Problem
from esg.errors import EsgError
from esg.resources import Resources

OPEN = ("/health", "/live", "/ready", "/openapi.json", "/docs")  # they tell nothing of anybody
OPEN_FOLDERS = ("/docs/",)


class Gate:
    """Pure ASGI: finds out who asks and leaves it as `request.state.caller`."""

    def __init__(self, app: ASGIApp, *, resources: Resources, is_keyless: bool) -> None:
        self.app = app
        self._resources = resources
        self._is_keyless = is_keyless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            scope.setdefault("state", {})["caller"] = await self._caller(scope)
        except (Problem, EsgError) as error:
            problem = error if isinstance(error, Problem) else problems.of_error(error)
            await problems.response(problem, scope)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Caller:
        headers = Headers(scope=scope)
        key = credential(headers)
        if key is not None:
            return await run_in_threadpool(self._holder, key)
        if self._is_keyless and is_local(scope, headers):
            return Caller()
        raise unauthorized("This needs an API key.")

    def _holder(self, text: str) -> Caller:
        """Asked in SQL each time: a key that is revoked opens nothing from then on, in any process."""
        key = self._resources.state.key_holder(text)
        if key is None:
            raise unauthorized("This key is not valid.", error="invalid_token")
        return Caller.of(key)


def is_open(path: str) -> bool:
    """Whether anybody may ask for this."""
    return path in OPEN or path.startswith(OPEN_FOLDERS)
