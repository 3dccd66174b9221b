"""Idempotency-Key: the same key and body is the same job and the same answer, also at the same moment."""

import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg.settings import Settings
from tests.fakes.serving import SAMPLE, serving, upload
from tests.fakes.workshop import work_off

KEY = {"Idempotency-Key": "order-66"}
URL = {"url": "https://example.com/report.pdf", "company": "Acme", "year": 2024}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    with serving(settings) as client:
        yield client


def send(client: httpx.Client, data: bytes, name: str = "a.pdf", **fields: str) -> httpx.Response:
    return client.post("/v1/documents", files={"file": (name, data)}, data=fields, headers=KEY)


def jobs(client: httpx.Client) -> list[Any]:
    found: list[Any] = client.get("/v1/jobs").json()["jobs"]
    return found


def test_the_same_again_is_the_same_job(client: httpx.Client) -> None:
    first, again = (client.post("/v1/documents", json=URL, headers=KEY) for _ in range(2))

    assert (first.status_code, again.status_code) == (202, 202)
    assert (again.content, again.headers["location"]) == (first.content, first.headers["location"])
    assert len(jobs(client)) == 1


def test_a_file_is_the_same_whatever_its_boundary(client: httpx.Client) -> None:
    data = SAMPLE.read_bytes()
    first, again = send(client, data), send(client, data)

    assert again.json() == first.json()
    assert len(jobs(client)) == 1


@pytest.mark.parametrize(
    ("data", "name", "fields"),
    [
        (b"%PDF-1.7 another", "a.pdf", {}),
        (b"%PDF-1.7", "b.pdf", {}),
        (b"%PDF-1.7", "a.pdf", {"year": "2024"}),
    ],
)
def test_another_body_is_refused(
    client: httpx.Client, data: bytes, name: str, fields: dict[str, str]
) -> None:
    assert send(client, b"%PDF-1.7").status_code == 202

    answer = send(client, data, name, **fields)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:esg:problem:idempotency_key_reused")
    assert client.post("/v1/documents", json=URL, headers=KEY).status_code == 422
    assert len(jobs(client)) == 1


def test_sent_at_the_same_moment_it_is_one_job(client: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/v1/documents", json=URL, headers=KEY), range(16)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len(jobs(client)) == 1


def test_what_was_refused_may_be_sent_again(client: httpx.Client, settings: Settings) -> None:
    wrong = URL | {"rubric": "unheard-of"}
    refused = [client.post("/v1/documents", json=wrong, headers=KEY) for _ in range(2)]

    assert [answer.json()["type"] for answer in refused] == ["urn:esg:problem:no_such_rubric"] * 2


def test_what_was_done_is_told_also_when_no_more_is_taken(tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path, max_backlog=0)) as client:
        first = client.post("/v1/documents", json=URL, headers=KEY)

        assert client.post("/v1/documents", json=URL, headers=KEY).content == first.content
        assert client.post("/v1/documents", json=URL).status_code == 429


def test_scores_are_asked_for_once(client: httpx.Client, settings: Settings) -> None:
    upload(client)
    work_off(settings.home)
    asked = {"force": True}
    first, again = (client.post("/v1/scores", json=asked, headers=KEY) for _ in range(2))

    assert again.json() == first.json()
    assert len(first.json()["jobs"]) == 1
    assert len(jobs(client)) == 2
    assert client.post("/v1/scores", json={}, headers=KEY).status_code == 422


@pytest.mark.parametrize("key", ["", "with space", "x" * 201])
def test_a_key_that_is_none_is_refused(client: httpx.Client, key: str) -> None:
    answer = client.post("/v1/documents", json=URL, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:esg:problem:validation")


def test_an_upload_is_never_whole_in_memory(tmp_path: Path) -> None:
    size = 60_000_000

    def body() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
        for _ in range(size // 1_000_000):
            yield b"x" * 1_000_000
        yield b"\r\n--x--\r\n"

    with serving(Settings(home=tmp_path)) as client:
        upload(client)  # what is loaded once is loaded now
        tracemalloc.start()
        try:
            headers = {"content-type": "multipart/form-data; boundary=x"}
            answer = client.post("/v1/documents", content=body(), headers=headers)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert answer.status_code == 202
    assert peak < size / 4
