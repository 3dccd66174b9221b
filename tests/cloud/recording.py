"""A transport that keeps what comes through it, and one that gives it back: the session is none the wiser."""

import base64
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx

from tests.cloud import fixtures
from tests.cloud.fixtures import Fixture, NotRecorded, Unusable

TOKENS = "/identity/token"
CLOUD = ".cloud.ibm.com"
TOKEN_SECONDS = 3600


@dataclass
class Recording(httpx.BaseTransport):
    """Passes requests on and keeps the good answers; secrets are looked for in each before it is written.

    Whether an answer is the service's or a peer's is told by the host that gave it, by nobody's word.
    """

    inner: httpx.BaseTransport
    folder: Path
    purpose: str
    secrets: frozenset[str]  # of the account: no answer that holds one is kept
    kept: list[Fixture] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        started = time.monotonic()
        response = self.inner.handle_request(request)
        body = response.read()
        latency_ms = round((time.monotonic() - started) * 1000)
        if not request.url.path.endswith(TOKENS) and response.is_success:
            self._keep(request, response, body, latency_ms)
        return response

    def close(self) -> None:
        self.inner.close()

    def _keep(self, request: httpx.Request, response: httpx.Response, body: bytes, latency_ms: int) -> None:
        self._refuse_secrets(request, body)
        name = fixtures.request_hash(request)
        fixture = Fixture(
            file=f"{request.url.path.rpartition('/')[2]}-{name[:12]}.json",
            sha256=sha256(body).hexdigest(),
            request_sha256=name,
            method=request.method,
            path=request.url.path,
            model=fixtures.model(request),
            purpose=self.purpose,
            status=response.status_code,
            latency_ms=latency_ms,
            recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            recorded_from="watsonx" if request.url.host.endswith(CLOUD) else "peer",
        )
        fixtures.write(self.folder, fixture, body)
        self.kept.append(fixture)

    def _refuse_secrets(self, request: httpx.Request, body: bytes) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        found = [secret for secret in (*self.secrets, token) if secret and secret.encode() in body]
        if found:
            raise Unusable(f"The answer to {fixtures.describe(request)} holds a secret; it was not written.")


class Replay(httpx.BaseTransport):
    """Answers from fixtures, bit for bit, without a network; raises NotRecorded for any other request."""

    def __init__(self, folder: Path = fixtures.FOLDER) -> None:
        """Read and check all fixtures; raises Unusable."""
        self._recorded = fixtures.read(folder)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(TOKENS):
            return httpx.Response(200, content=_token(), headers={"content-type": "application/json"})
        found = self._recorded.get(fixtures.request_hash(request))
        if found is None:
            raise NotRecorded(f"No answer is recorded to {fixtures.describe(request)}. {fixtures.RECORD}")
        fixture, body = found
        return httpx.Response(fixture.status, content=body, headers={"content-type": "application/json"})


def _token() -> bytes:
    """Make up a token that opens nothing and has an hour to live: real ones are never recorded."""
    expires = int(time.time()) + TOKEN_SECONDS
    claims = base64.urlsafe_b64encode(json.dumps({"exp": expires}).encode()).decode().rstrip("=")
    token = {"access_token": f"e30.{claims}.replayed", "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
    return json.dumps(token | {"expiration": expires}).encode()
