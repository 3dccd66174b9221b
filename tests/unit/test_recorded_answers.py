"""Recorded answers: bit for bit what came, nothing secret in them, and none believed that was changed."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cloud.fixtures import FOLDER, MANIFEST, NotRecorded, Unusable, read
from tests.cloud.recording import Recording, Replay

KEY, TOKEN, PROJECT = "a-key-of-the-account", "e30.a-token.of-the-hour", "1f2e3d4c-project"
PEER, SERVICE = "https://127.0.0.1:8443", "https://eu-de.ml.cloud.ibm.com"
BODY = b'{"model_id": "m", "choices": [ {"message": {"content": "caf\xc3\xa9"}}]}\n'
Handler = Callable[[httpx.Request], httpx.Response]


def answering(body: bytes = BODY, status: int = 200) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/identity/token":
            return httpx.Response(200, json={"access_token": TOKEN})
        return httpx.Response(status, content=body, headers={"x-secret": TOKEN})

    return handle


def record(folder: Path, handler: Handler | None = None, *, host: str = PEER, said: str = "hello") -> bytes:
    """Ask as the SDK does: first for a token, then for an answer."""
    inner = httpx.MockTransport(handler or answering())
    recording = Recording(inner, folder, "a test", frozenset({KEY, PROJECT}))
    with httpx.Client(transport=recording) as client:
        return ask(client, host=host, said=said)


def ask(client: httpx.Client, *, host: str = PEER, said: str = "hello", project: str = PROJECT) -> bytes:
    token = client.post(f"{host}/identity/token", data={"apikey": KEY}).json()["access_token"]
    answer = client.post(
        f"{host}/ml/v1/text/chat",
        params={"version": "2025-10-01"},
        json={"model_id": "m", "project_id": project, "messages": [{"role": "user", "content": said}]},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.content


def manifest(folder: Path) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads((folder / MANIFEST).read_bytes())
    return listed


def test_what_was_recorded_is_replayed_bit_for_bit_to_anybody(tmp_path: Path) -> None:
    record(tmp_path)

    with httpx.Client(transport=Replay(tmp_path)) as client:
        answers = {
            ask(client, host=host, project=p) for host, p in ((PEER, "x"), (SERVICE, "y"), (PEER, "x"))
        }

    assert answers == {BODY}


def test_the_manifest_says_what_an_answer_is(tmp_path: Path) -> None:
    record(tmp_path)

    (entry,) = manifest(tmp_path)

    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/ml/v1/text/chat", 200)
    assert (entry["model"], entry["purpose"]) == ("m", "a test")
    assert re.fullmatch(r"[0-9a-f]{64}", str(entry["sha256"]))
    assert re.fullmatch(r"[0-9a-f]{64}", str(entry["request_sha256"]))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", str(entry["recorded_at"]))
    assert isinstance(entry["latency_ms"], int)
    assert (tmp_path / str(entry["file"])).read_bytes() == BODY


@pytest.mark.parametrize(
    ("host", "source"),
    [
        (PEER, "peer"),
        ("https://localhost", "peer"),
        ("https://cloud.ibm.com.example", "peer"),
        (SERVICE, "watsonx"),
    ],
)
def test_only_what_the_services_own_host_answered_is_called_the_services(
    tmp_path: Path, host: str, source: str
) -> None:
    record(tmp_path, host=host)

    assert [entry["recorded_from"] for entry in manifest(tmp_path)] == [source]


def test_nothing_secret_is_written(tmp_path: Path) -> None:
    record(tmp_path)

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (KEY, TOKEN, PROJECT, "127.0.0.1", "hello"):
        assert secret.encode() not in written


@pytest.mark.parametrize("secret", [KEY, TOKEN, PROJECT])
def test_an_answer_that_tells_a_secret_is_not_written(tmp_path: Path, secret: str) -> None:
    with pytest.raises(Unusable, match="holds a secret") as told:
        record(tmp_path, answering(json.dumps({"told": f"it is {secret}!"}).encode()))

    assert secret not in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_no_answer(tmp_path: Path) -> None:
    record(tmp_path, answering(b"{}", status=429))

    assert list(tmp_path.iterdir()) == []


def test_an_answer_recorded_again_takes_the_place_of_the_old(tmp_path: Path) -> None:
    record(tmp_path)
    record(tmp_path, said="another question")
    record(tmp_path, answering(b'{"new": 1}'))

    assert len(manifest(tmp_path)) == 2
    with httpx.Client(transport=Replay(tmp_path)) as client:
        assert ask(client) == b'{"new": 1}'


def test_what_was_not_recorded_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    record(tmp_path)

    with (
        httpx.Client(transport=Replay(tmp_path)) as client,
        pytest.raises(NotRecorded, match=r"POST /ml/v1/text/chat m \([0-9a-f]{12}\).*make record-cloud"),
    ):
        ask(client, said="what nobody asked")


def _change(folder: Path, file: Path) -> None:
    file.write_bytes(BODY.replace(b"m", b"n", 1))


def _remove(folder: Path, file: Path) -> None:
    file.unlink()


def _add(folder: Path, file: Path) -> None:
    (folder / "chat-made-up.json").write_bytes(BODY)


def _unlist(folder: Path, file: Path) -> None:
    (folder / MANIFEST).write_text("[]")


def _break(folder: Path, file: Path) -> None:
    (folder / MANIFEST).write_text('[{"file": "x"}]')


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (_change, "was changed since it was recorded"),
        (_remove, "is in manifest.json"),
        (_add, "chat-made-up.json is not in manifest.json"),
        (_unlist, "is not in manifest.json"),
        (_break, "manifest.json cannot be read"),
    ],
)
def test_fixtures_that_are_not_as_recorded_are_an_error(
    tmp_path: Path, harm: Callable[[Path, Path], None], told: str
) -> None:
    record(tmp_path)
    (file,) = (path for path in tmp_path.iterdir() if path.name != MANIFEST)

    harm(tmp_path, file)

    with pytest.raises(Unusable, match=told):
        Replay(tmp_path)


def test_no_fixtures_at_all_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="make record-cloud"):
        Replay(tmp_path / "nothing")


def test_those_of_the_repository_are_whole_and_name_their_source() -> None:
    recorded = read(FOLDER)

    assert recorded
    assert {fixture.recorded_from for fixture, _ in recorded.values()} <= {"watsonx", "peer"}
