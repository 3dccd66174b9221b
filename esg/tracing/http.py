"""Requests of httpx → the same, each with the traceparent of the span that is open where it is made."""

import httpx

from esg.tracing.process import current


class Traced(httpx.BaseTransport):
    """Stands before another transport; imported by name, as httpx is not needed by who only opens spans."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if traceparent := current():
            request.headers["traceparent"] = traceparent
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
