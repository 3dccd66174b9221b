"""A watsonx peer for tests: HTTPS on loopback, what the unmodified SDK asks for, faults on demand."""

import base64
import json
import ssl
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

from esg.embed.local import LocalEmbedder
from tests.servers import watsonx_answers as answers
from tests.servers.watsonx_faults import FAULTS, Reply, reply, whole

API_KEY = "peer-api-key"
TOKEN_SECONDS = 3600
LOCAL = LocalEmbedder(threads=1)  # loaded by its first text
ENDPOINTS = {
    "/identity/token": "token",
    "/ml/v1/text/embeddings": "embeddings",
    "/ml/v1/text/chat": "chat",
    "/ml/v1/text/generation": "generation",
    "/ml/v1/text/rerank": "rerank",
    "/ml/v1/text/tokenization": "tokenization",
    "/ml/v1/foundation_model_specs": "models",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request that came in; `fault` is what was done to its answer, "" where nothing was."""

    endpoint: str
    body: Any
    fault: str
    arrived: float  # time.monotonic()
    traceparent: str = ""


@dataclass
class Peer:
    """What a test holds: where it is, what came in, and what it shall say or do wrong next."""

    url: str
    ca: Path  # the certificate of who signed the server's
    vectorise: answers.Vectorise = answers.hashed
    chat: answers.Chat = answers.said_nothing
    requests: list[Request] = field(default_factory=list)
    always: dict[str, str] = field(default_factory=dict)  # endpoint -> fault of every answer
    _faults: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _tokens: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    api_key = API_KEY
    project_id = answers.PROJECT

    def environment(self) -> dict[str, str]:
        """Give the settings that lead to it, with no limit that a test would wait for."""
        return {
            "IBM_WATSONX_API_KEY": API_KEY,
            "IBM_WATSONX_PROJECT_ID": answers.PROJECT,
            "IBM_WATSONX_URL": self.url,
            "ESG_WATSONX_TOKEN_URL": f"{self.url}/identity/token",
            "ESG_WATSONX_CA_BUNDLE": str(self.ca),
            "ESG_WATSONX_REQUESTS_PER_SECOND": "1000",
        }

    def fail(self, endpoint: str, *faults: str) -> None:
        """Let the next answers of an endpoint go wrong, one after the other; "" is a good one."""
        self._faults[endpoint] += faults

    def count(self, endpoint: str) -> int:
        """How many requests an endpoint got."""
        return sum(request.endpoint == endpoint for request in list(self.requests))

    def revoke_tokens(self) -> None:
        """Let every token that was given out be expired, whatever it says of itself."""
        with self._lock:
            self._tokens.clear()

    def answer(self, endpoint: str, token: str, body: Any, traceparent: str = "") -> Reply:
        """Take a request and say what it gets."""
        with self._lock:
            due = self._faults[endpoint]
            fault = due.popleft() if due else self.always.get(endpoint, "")
            self.requests.append(Request(endpoint, body, fault, time.monotonic(), traceparent))
        if fault == "401":
            self.revoke_tokens()
        try:
            said = self._issue(body) if endpoint == "token" else self._serve(endpoint, token, body)
        except answers.Refused as refused:
            return reply(refused.status, refused.body)
        return FAULTS[fault](said) if fault else reply(200, said)

    def _serve(self, endpoint: str, token: str, body: Any) -> Any:
        if endpoint == "models":  # IBM's own asks for no token either
            return answers.models()
        if token not in self._tokens:
            raise answers.Refused(401, "authentication_token_not_valid", "The token is not valid or expired")
        match endpoint:
            case "embeddings":
                return answers.embeddings(body, self.vectorise)
            case "chat":
                return answers.chat(body, self.chat)
            case "generation":
                return answers.generation(body, self.chat)
            case "rerank":
                return answers.rerank(body, self.vectorise)
            case _:
                return answers.tokenization(body)

    def _issue(self, form: dict[str, list[str]]) -> Any:
        if form.get("apikey") != [API_KEY]:
            raise answers.Refused(400, "BXNIM0415E", "Provided API key could not be found.")
        expires = int(time.time()) + TOKEN_SECONDS
        with self._lock:
            claims = {"exp": expires, "n": len(self.requests)}
            token = f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.peer"
            self._tokens.add(token)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "expiration": expires,
        }


@contextmanager
def serving(folder: Path, *, not_after: datetime | None = None) -> Iterator[Peer]:
    """Serve a peer; `folder` gets the file with its authority's certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, ca = trustme.CA(), folder / "watsonx-ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost", not_after=not_after).configure_cert(context)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.tls = context
    server.peer = Peer(f"https://127.0.0.1:{server.server_port}", ca)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def start(folder: Path) -> Iterator[dict[str, str]]:
    """Serve one for `make test-stack`, with vectors that mean something where a model has 384 dimensions."""
    with serving(folder) as peer:
        peer.vectorise = meant
        yield {"STACK_WATSONX": json.dumps(peer.environment())}


def meant(texts: Sequence[str], dimensions: int) -> Sequence[Sequence[float]]:
    """Vectors of the local model, which takes shorter texts than the service: the rest of one is left out."""
    if dimensions != LocalEmbedder.dimensions:
        return answers.hashed(texts, dimensions)
    offsets = [answers.TOKENIZER.offsets(text) for text in texts]
    reach = LocalEmbedder.max_tokens - 2
    cut = [text[: o[reach][0]] if len(o) > reach else text for text, o in zip(texts, offsets, strict=True)]
    return LOCAL.embed(cut).tolist()


class _Server(ThreadingHTTPServer):
    """Each connection shakes hands in its own thread, so that a bad one holds up nobody."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    tls: ssl.SSLContext
    peer: Peer

    def finish_request(self, request: Any, client_address: Any) -> None:
        with suppress(OSError), self.tls.wrap_socket(request, server_side=True) as wrapped:
            self.RequestHandlerClass(wrapped, client_address, self)  # who does not trust us hangs up

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients of these tests hang up whenever they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_form = "form" in self.headers.get("Content-Type", "")
        self._answer(parse_qs(text) if is_form else json.loads(text))

    def _answer(self, body: Any) -> None:
        endpoint = ENDPOINTS.get(urlsplit(self.path).path)
        if endpoint is None:
            self.send_error(404)
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        sent = self.server.peer.answer(endpoint, token, body, self.headers.get("traceparent", ""))
        self.send_response(sent.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent.body)))
        for name, value in sent.headers.items():
            self.send_header(name, value)
        if sent.send is not whole:
            self.send_header("Connection", "close")
        self.end_headers()
        sent.send(self.wfile, sent.body)

    def log_message(self, *args: Any) -> None:
        """Keep the tests' output to the tests."""
