"""POST /v1/documents/bulk: a row for each report, whatever the others are."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg.domain import document_id
from esg.settings import Settings
from tests.fakes.serving import SAMPLE, serving

BULK = "/v1/documents/bulk"
ZIP = {"Content-Type": "application/zip"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=tmp_path, max_bulk_bytes=5_000_000)) as client:
        yield client


def packed(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def codes(answer: httpx.Response) -> dict[str, str]:
    """{report: "job", or the code of its problem}."""
    rows = answer.json()["rows"]
    return {r["source"]: "job" if r["job"] else r["problem"]["type"].rpartition(":")[2] for r in rows}


def jobs(client: httpx.Client) -> list[Any]:
    found: list[Any] = client.get("/v1/jobs").json()["jobs"]
    return found


def test_each_url_has_a_row(client: httpx.Client) -> None:
    good = {"url": "https://example.com/a.pdf", "company": "Acme", "year": 2024}
    bad = [{"url": "ftp://example.com/"}, {"url": "https://u:p@example.com/"}, {"year": 2024}, {"url": 7}]
    answer = client.post(BULK, json={"documents": [good, *bad, {**good, "rubric": "unheard-of"}]})

    told = answer.json()
    assert answer.status_code == 202
    assert (told["accepted"], told["refused"]) == (1, 5)
    assert [row["job"] is not None for row in told["rows"]] == [True] + [False] * 5
    assert [row["problem"]["status"] for row in told["rows"][1:]] == [422] * 5
    assert told["rows"][5]["problem"]["type"] == "urn:esg:problem:no_such_rubric"
    assert [job["id"] for job in jobs(client)] == [told["rows"][0]["job"]["job_id"]]


@pytest.mark.parametrize("as_form", [False, True])
def test_each_file_of_a_zip_has_a_row(client: httpx.Client, as_form: bool) -> None:
    sample = SAMPLE.read_bytes()
    data = packed(**{"2024/a.pdf": sample, "b.txt": b"words", "c.zip": packed(x=b"x"), "../d.pdf": sample})
    if as_form:
        form = {"year": "2024"}
        answer = client.post(BULK, files={"file": ("r.zip", data)}, data=form)
    else:
        answer = client.post(BULK, content=data, headers=ZIP)

    assert answer.status_code == 202
    assert codes(answer) == {
        "a.pdf": "job",
        "b.txt": "unsupported_type",
        "c.zip": "unsupported_type",
        "d.pdf": "bad_path",
    }
    (job,) = jobs(client)
    assert (job["document_id"], job["source"]) == (document_id(sample), "a.pdf")
    assert job["year"] == (2024 if as_form else None)


def test_a_bulk_is_sent_once(client: httpx.Client) -> None:
    data = packed(**{"a.pdf": SAMPLE.read_bytes(), "b.pdf": b"%PDF-1.7 b"})
    headers = ZIP | {"Idempotency-Key": "night-1"}
    first, again = (client.post(BULK, content=data, headers=headers) for _ in range(2))

    assert again.json() == first.json()
    assert len(jobs(client)) == 2
    other = client.post(BULK, content=packed(**{"a.pdf": b"%PDF-1.7"}), headers=headers)
    assert other.json()["type"] == "urn:esg:problem:idempotency_key_reused"


def test_where_nothing_can_be_read_it_is_a_problem_with_the_rows(client: httpx.Client) -> None:
    answer = client.post(BULK, content=packed(**{"a.txt": b"words"}), headers=ZIP)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:esg:problem:nothing_accepted")
    assert codes(answer) == {"a.txt": "unsupported_type"}


def test_other_bodies_are_refused(client: httpx.Client) -> None:
    refused = [
        client.post(BULK, content=b"no zip", headers=ZIP),
        client.post(BULK, content=b"x" * 5_100_000, headers=ZIP),
        client.post(BULK, json={"documents": [{"url": "x" * 1_100_000}]}),
        client.post(BULK, json={"documents": []}),
        client.post(BULK, json=["https://example.com/a.pdf"]),
        client.post(BULK, content=b"x"),
        client.post(BULK, files={"other": ("a.zip", b"x")}),
        client.post("/v1/documents", content=b"x" * 70_000, headers={"Content-Type": "application/json"}),
    ]

    told = [(answer.status_code, answer.json()["type"].rpartition(":")[2]) for answer in refused]
    assert told == [
        (422, "not_an_archive"),
        (413, "too_big"),
        (413, "too_big"),
        (422, "validation"),
        (422, "validation"),
        (415, "unsupported_media_type"),
        (422, "no_file"),
        (413, "too_big"),
    ]
    assert jobs(client) == []
