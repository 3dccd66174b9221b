"""Around every request: its ids, its log line, its metrics; and a problem document for a bug."""

import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems, traces
from api.metrics import Metrics
from api.problems import Problem
from api.traces import Trace
from esg import logs, tracing

_REQUEST_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
QUIET = {"/health", "/live", "/ready", "/metrics"}  # asked all day by machines

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # a caller may invent others

logger = logging.getLogger("esg.api")


class Observe:
    """Pure ASGI, so that streams pass through it as they come."""

    def __init__(self, app: ASGIApp, metrics: Metrics, ratio: float = 1.0) -> None:
        """Of traces that begin here so many are kept."""
        self.app = app
        self.metrics = metrics
        self.ratio = ratio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("traceparent", "")
        if scope["path"] in QUIET:
            await self._answer(scope, receive, send, traces.take(given))
            return
        with tracing.span(_method(scope), "server", parent=given) as span:
            trace = traces.of(span.traceparent) if span.traceparent else traces.take(given, ratio=self.ratio)
            status = await self._answer(scope, receive, send, trace)
            _describe(span, scope, status)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, trace: Trace) -> int:
        """Let the application answer; give the status."""
        request_id = _request_id(Headers(scope=scope).get("x-request-id", ""))
        scope.setdefault("state", {}).update(trace=trace, request_id=request_id)
        answer = _Answer(
            send, {"X-Request-Id": request_id, "X-Trace-Id": trace.trace_id, "X-Span-Id": trace.span_id}
        )
        with logs.bind(request_id=request_id, trace_id=trace.trace_id), self.metrics.open.track_inprogress():
            started = time.perf_counter()
            try:
                await self.app(scope, receive, answer.send)
            except Exception:  # a bug: the caller gets a problem document, the log gets the place
                logger.exception("a request failed")
                await _apologise(scope, receive, answer, request_id)
            finally:
                self._record(scope, answer.status, time.perf_counter() - started)
        return answer.status

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = _route(scope), _method(scope)
        self.metrics.requests.labels(method, route, str(status)).inc()
        trace: Trace = scope["state"]["trace"]
        exemplar = {"trace_id": trace.trace_id} if trace.is_sampled else None
        self.metrics.seconds.labels(method, route).observe(seconds, exemplar)
        logger.log(
            logging.DEBUG if scope["path"] in QUIET else logging.INFO,
            "answered",
            extra={
                "method": scope["method"],
                "path": scope["path"],
                "status_code": status,
                "duration_ms": round(seconds * 1000, 1),
            },
        )


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in METHODS else "OTHER"


def _route(scope: Scope) -> str:
    """The template of the path, which holds no ids."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _describe(span: tracing.Span, scope: Scope, status: int) -> None:
    """Say what the conventions for HTTP servers ask for; the route is known once it is answered."""
    span.rename(f"{_method(scope)} {_route(scope)}")
    span.say(
        {
            "http.request.method": _method(scope),
            "http.route": _route(scope),
            "http.response.status_code": status,
            "url.scheme": scope["scheme"],
            "request_id": scope["state"]["request_id"],
        }
    )
    if status >= 500:
        span.fail(str(status))


class _Answer:
    """Adds the ids to the answer's head and remembers its status; 499 when the caller left before it."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.status = 499
        self.is_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_begun = True
            self.status = message["status"]
            head = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in self._headers.items():
                head[name] = value
            head.setdefault("X-Content-Type-Options", "nosniff")
            head.setdefault("X-Frame-Options", "DENY")
            head.setdefault("Referrer-Policy", "no-referrer")
            head.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        await self._send(message)


async def _apologise(scope: Scope, receive: Receive, answer: _Answer, request_id: str) -> None:
    if answer.is_begun:
        raise ConnectionError("the answer broke off")  # the head is sent: the server must cut the connection
    error = Problem(
        500,
        "Something went wrong that should not have.",
        code="internal",
        next_step=f"Look for request {request_id} in the log of the API.",
    )
    await problems.response(error, scope)(scope, receive, answer.send)


def _request_id(given: str) -> str:
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex
