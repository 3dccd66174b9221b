"""POST /v1/documents: what is taken in, what is refused, and that the broker is not needed for it."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from esg import broker
from esg.domain import document_id
from esg.lake import Lake
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.serving import SAMPLE, serving, upload
from tests.fakes.workshop import work_off

URL = "https://example.com/report.pdf"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, max_document_bytes=2_000_000)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    with serving(settings) as client:
        yield client


def lake(settings: Settings) -> Lake:
    return open_resources(settings).lake


# -- taken in


def test_a_file_is_kept_and_becomes_a_job(client: httpx.Client, settings: Settings) -> None:
    answer = upload(client, company="Quernlow", year="2024")

    accepted = answer.json()
    assert answer.status_code == 202
    assert accepted["document_id"] == document_id(SAMPLE.read_bytes())
    assert answer.headers["location"] == accepted["links"]["job"] == f"/v1/jobs/{accepted['job_id']}"
    assert lake(settings).original(accepted["document_id"]).data == SAMPLE.read_bytes()

    job = client.get(accepted["links"]["job"]).json()
    assert (job["state"], job["stage"], job["source"]) == ("queued", "ingest", SAMPLE.name)
    assert (job["company"], job["year"]) == ("Quernlow", 2024)
    assert client.get(accepted["links"]["document"]).json()["state"] == "running"


def test_the_same_bytes_are_one_document(client: httpx.Client) -> None:
    first, second = upload(client).json(), upload(client).json()
    assert first["document_id"] == second["document_id"]
    assert first["job_id"] != second["job_id"]
    assert len(client.get("/v1/jobs").json()["jobs"]) == 2


def test_a_job_tells_the_name_it_came_under_and_the_document_its_first(
    client: httpx.Client, tmp_path: Path
) -> None:
    copy = tmp_path / "another name.pdf"
    copy.write_bytes(SAMPLE.read_bytes())
    first, second = upload(client).json(), upload(client, copy).json()

    assert client.get(f"/v1/jobs/{second['job_id']}").json()["source"] == "another name.pdf"
    assert client.get(f"/v1/documents/{first['document_id']}").json()["source"] == SAMPLE.name


def test_the_page_of_a_rejected_report_says_why_there_is_none(
    client: httpx.Client, settings: Settings, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nno more than this")
    document = upload(client, broken).json()["document_id"]
    work_off(settings.home)
    record = client.get(f"/v1/documents/{document}").json()

    answer = client.get(f"/v1/documents/{document}/pages/1.png")

    problem = answer.json()
    assert record["state"] == problem["state"] == "rejected"
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:esg:problem:{record['reason_code']}"
    assert problem["detail"] == f"There is no page. {record['reason']}"


def test_the_page_of_a_report_that_is_being_read_is_not_there_yet(client: httpx.Client) -> None:
    document = upload(client).json()["document_id"]

    problem = client.get(f"/v1/documents/{document}/pages/1.png").json()

    assert (problem["status"], problem["type"]) == (404, "urn:esg:problem:not_ready")


def test_a_url_becomes_a_job(client: httpx.Client) -> None:
    answer = client.post("/v1/documents", json={"url": URL, "company": "Acme", "year": 2024})
    assert answer.status_code == 202
    assert answer.json()["document_id"] is None
    assert client.get(answer.json()["links"]["job"]).json()["source"] == URL


def test_jobs_are_listed_newest_first_and_by_state(client: httpx.Client) -> None:
    ids = [client.post("/v1/documents", json={"url": f"{URL}?{n}"}).json()["job_id"] for n in range(3)]
    client.delete(f"/v1/jobs/{ids[0]}")
    assert [job["id"] for job in client.get("/v1/jobs").json()["jobs"]] == ids[::-1]
    assert [job["id"] for job in client.get("/v1/jobs?limit=1").json()["jobs"]] == ids[2:]
    assert [job["id"] for job in client.get("/v1/jobs?state=cancelled").json()["jobs"]] == ids[:1]


def test_a_job_can_be_cancelled(client: httpx.Client) -> None:
    job = upload(client).json()["links"]["job"]
    assert client.delete(job).json()["state"] == "cancelled"
    assert client.get(job).json()["state"] == "cancelled"


def test_the_callers_trace_goes_with_the_job(client: httpx.Client, settings: Settings) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = client.post(
        "/v1/documents",
        json={"url": URL},
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
    )
    job = open_resources(settings).state.job(answer.json()["job_id"])
    assert job.trace == f"00-{trace}-{answer.headers['x-span-id']}-01"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\reports\\a.pdf", "a.pdf"),
        ("<script>alert(1)</script>.pdf", "script>.pdf"),
        ("bidi\u202efdp.pdf", "bidi⟨U+202E⟩fdp.pdf"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_files_name_is_only_a_name(client: httpx.Client, name: str, kept: str) -> None:
    answer = client.post("/v1/documents", files={"file": (name, SAMPLE.read_bytes())})
    assert client.get(answer.json()["links"]["job"]).json()["source"] == kept


# -- refused


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "empty.pdf", 422, "empty"),
        (b"GIF89a...", "chart.gif", 415, "unsupported_type"),
        (b"plain words", "report.pdf", 415, "not_a_pdf"),
        (b"%PDF-1.7" + b"x" * 2_000_000, "big.pdf", 413, "too_big"),
    ],
)
def test_a_file_that_is_no_report_is_refused(
    client: httpx.Client, data: bytes, name: str, status: int, code: str
) -> None:
    answer = client.post("/v1/documents", files={"file": (name, data)})
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:esg:problem:{code}")
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_a_body_without_a_stated_length_ends_at_the_limit(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'
        for _ in range(50):
            yield b"x" * 65_536

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/v1/documents", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:esg:problem:too_big")


def test_other_bodies_are_kept_small(client: httpx.Client) -> None:
    answer = client.post("/v1/jobs", content=b"x" * 100_000)
    assert answer.status_code == 413
    assert "ESG_MAX_DOCUMENT_BYTES" not in answer.text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"year": "soon"}, "validation"),
        ({"year": "1066"}, "validation"),
        ({"company": "x" * 201}, "validation"),
        ({"colour": "green"}, "validation"),
        ({"rubric": "../../etc/passwd"}, "validation"),
        ({"rubric": "unheard-of"}, "no_such_rubric"),
    ],
)
def test_bad_fields_are_refused(client: httpx.Client, fields: dict[str, str], code: str) -> None:
    answer = upload(client, **fields)
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:esg:problem:{code}")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "not json",
        '{"url": "file:///etc/passwd"}',
        '{"url": "/etc/passwd"}',
        '{"url": "https://example.com/a.pdf", "year": "x"}',
        '{"url": "https://example.com/a.pdf", "extra": 1}',
    ],
)
def test_a_bad_url_is_refused(client: httpx.Client, body: str) -> None:
    answer = client.post("/v1/documents", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:esg:problem:validation")


def test_a_form_without_a_file_is_refused(client: httpx.Client) -> None:
    answer = client.post("/v1/documents", files={"other": ("a.pdf", b"x")})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:esg:problem:no_file")


def test_a_broken_form_is_refused(client: httpx.Client) -> None:
    headers = {"content-type": "multipart/form-data"}
    answer = client.post("/v1/documents", content=b"no boundary", headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_too_much_waiting_work_refuses_more(tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path, max_backlog=0)) as client:
        assert upload(client).status_code == 202
        answer = upload(client)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["type"] == "urn:esg:problem:backlog"
        assert 'esg_api_refused_total{reason="backlog"} 1.0' in client.get("/metrics").text


# -- the broker


def test_a_submission_is_published_when_a_broker_runs(settings: Settings) -> None:
    url = broker.ensure(settings)
    try:
        with serving(settings) as client:
            upload(client)
            redis, deadline = broker.connect(url), time.monotonic() + 10
            while not redis.llen("esg:ingest") and time.monotonic() < deadline:
                time.sleep(0.05)
            assert redis.llen("esg:ingest") == 1
            redis.close()
    finally:
        broker.stop(settings)


def test_a_submission_is_accepted_when_the_broker_is_away(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, broker_url="redis://127.0.0.1:9/0")
    with serving(settings) as client:
        started = time.monotonic()
        assert upload(client).status_code == 202
        assert time.monotonic() - started < 5
    state = open_resources(settings).state
    assert state.backlog() == 1
    assert state.jobs()[0].state == "queued"
