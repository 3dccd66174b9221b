"""Answers of the service as files: each body as it came, and a manifest that says what it is.

    manifest.json     one entry for each answer
    chat-1a2b3c….json the bytes of one, named by the request

A request is known by the hash of its method, path, query and body; the project's id is left out of the
body, the token is in no part of it, and neither host nor header is kept. So replay needs no credentials.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import httpx

FOLDER = Path(__file__).parents[1] / "fixtures" / "cloud_api_responses"
MANIFEST = "manifest.json"
WHOSE = ("project_id", "space_id")  # fields of a request that say who asks, not what
RECORD = "Record it: make record-cloud (needs credentials), or: python -m tests.cloud.record --from-peer"

Json = dict[str, Any]


class Unusable(Exception):
    """The fixtures are not as the manifest says."""


class NotRecorded(Exception):
    """Nobody has recorded an answer to this request."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """One recorded answer; `recorded_from` is the service itself or the peer that tests start."""

    file: str
    sha256: str  # of the body
    request_sha256: str
    method: str
    path: str
    model: str
    purpose: str
    status: int
    latency_ms: int
    recorded_at: str  # ISO 8601, UTC
    recorded_from: Literal["watsonx", "peer"]


def request_hash(request: httpx.Request) -> str:
    """Name a request by all that decides its answer, whoever sends it."""
    body = _body(request)
    asked = {name: value for name, value in body.items() if name not in WHOSE}
    parts = [request.method, request.url.path, sorted(request.url.params.multi_items()), asked]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def model(request: httpx.Request) -> str:
    """The model that a request asks, "" where it asks none."""
    return str(_body(request).get("model_id", ""))


def describe(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path} {model(request)} ({request_hash(request)[:12]})"


def read(folder: Path) -> dict[str, tuple[Fixture, bytes]]:
    """Read all fixtures by their request's hash; raises Unusable for one that is missing or was changed."""
    listed = _manifest(folder)
    found = {fixture.request_sha256: (fixture, _checked(folder, fixture)) for fixture in listed}
    unlisted = {path.name for path in folder.glob("*.json")} - {MANIFEST} - {f.file for f in listed}
    if unlisted:
        raise Unusable(f"{folder.name}: {', '.join(sorted(unlisted))} is not in {MANIFEST}. {RECORD}")
    return found


def write(folder: Path, fixture: Fixture, body: bytes) -> None:
    """Keep an answer in the place of an older one to the same request."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _manifest(folder) if (folder / MANIFEST).is_file() else []
    others = [one for one in known if one.request_sha256 != fixture.request_sha256]
    (folder / fixture.file).write_bytes(body)
    entries = sorted((*others, fixture), key=lambda one: (one.path, one.purpose, one.request_sha256))
    text = json.dumps([asdict(one) for one in entries], indent=2)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _manifest(folder: Path) -> list[Fixture]:
    try:
        return [Fixture(**entry) for entry in json.loads((folder / MANIFEST).read_bytes())]
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"{folder.name}/{MANIFEST} cannot be read: {error}. {RECORD}") from error


def _checked(folder: Path, fixture: Fixture) -> bytes:
    try:
        body = (folder / fixture.file).read_bytes()
    except OSError as error:
        raise Unusable(
            f"{folder.name}/{fixture.file} is in {MANIFEST} ({fixture.purpose}) and not there. {RECORD}"
        ) from error
    if sha256(body).hexdigest() != fixture.sha256:
        raise Unusable(f"{folder.name}/{fixture.file} was changed since it was recorded. {RECORD}")
    return body


def _body(request: httpx.Request) -> Json:
    content = request.read()
    if request.headers.get("content-type", "").startswith("application/json"):
        body = json.loads(content)
        return body if isinstance(body, dict) else {"body": body}
    return {"body": content.decode()} if content else {}
