"""HEAD → the head that GET would be answered with: every route that can be read can be asked for its head."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Ask the route as GET; send its head, and end a stream that would go on for nobody.

    Pure ASGI, the innermost: what stands around it still sees, counts and logs a HEAD.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}
        try:
            await self.app(asked, receive, _Head(send).send)
        except* _Enough:
            pass
        finally:
            scope.update({name: asked[name] for name in ("route", "endpoint") if name in asked})


class _Enough(Exception):
    """The head is sent, and the body has no end in sight."""


class _Head:
    """Sends an answer without its body."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        elif message.get("more_body"):
            raise _Enough
