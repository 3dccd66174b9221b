"""Webhooks: signed, told again until they are taken, never to a private address."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg import webhook
from esg.errors import Rejected, Transient
from esg.fetch import FetchLimits
from esg.settings import Settings
from esg.webhook import HEADER, Event, deliver, verify
from tests.fakes.fleets import Fleet
from tests.fakes.receiver import Receiver, Told, receiving
from tests.fakes.serving import serving

EVENT = Event.job_finished("job-1", at="2026-11-22T12:00:00+00:00", state="scored")
OPEN = FetchLimits(timeout_seconds=10, allow_private=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def is_signed(told: Told, secret: str, *, later: float = 0.0) -> bool:
    return verify(told.body, told.headers[HEADER.lower()], secret, now=time.time() + later)


# -- one delivery


def test_a_delivery_is_signed_and_names_its_event(receiver: Receiver) -> None:
    deliver(EVENT, receiver.url, secret="s3cret", limits=OPEN)

    (told,) = receiver.told
    assert json.loads(told.body) == {
        "schema": "esg.event/1",
        "id": EVENT.id,
        "type": "job.finished",
        "created_at": "2026-11-22T12:00:00+00:00",
        "data": {"job_id": "job-1", "state": "scored"},
    }
    assert (told.headers["x-esg-event-id"], told.headers["content-type"]) == (EVENT.id, "application/json")
    assert is_signed(told, "s3cret")


def test_a_signature_holds_for_its_body_its_secret_and_its_time_alone(receiver: Receiver) -> None:
    deliver(EVENT, receiver.url, secret="s3cret", limits=OPEN)

    (told,) = receiver.told
    assert not is_signed(told, "other")
    assert not is_signed(told, "s3cret", later=301)
    assert not is_signed(Told(told.headers, told.body + b" "), "s3cret")
    stamp, _, digest = told.headers[HEADER.lower()].partition(",")
    moved = f"t={int(stamp.removeprefix('t=')) + 1},{digest}"
    assert not verify(told.body, moved, "s3cret", now=time.time())
    assert not verify(told.body, "", "s3cret", now=time.time())


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500, 503])
def test_what_is_not_taken_is_told_again(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]

    with pytest.raises(Transient, match=str(status)):
        deliver(EVENT, receiver.url, secret="s", limits=OPEN)
    assert len(receiver.told) == 1


def test_who_is_gone_is_told_no_more(receiver: Receiver) -> None:
    receiver.answers = [410]

    with pytest.raises(Rejected, match="410"):
        deliver(EVENT, receiver.url, secret="s", limits=OPEN)


def test_a_name_that_has_become_private_is_refused_at_the_connection(receiver: Receiver) -> None:
    url = receiver.url.replace("127.0.0.1", "hooks.example")

    webhook.check(url, resolver=lambda *_: ["93.184.216.34"])
    with pytest.raises(Rejected, match="not a public internet address"):
        deliver(EVENT, url, secret="s", limits=FetchLimits(), resolver=lambda *_: ["127.0.0.1"])

    assert receiver.told == []


# -- at submission


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=tmp_path)) as client:
        yield client


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:9/hook", "refused_address"),
        ("http://2130706433/hook", "refused_address"),
        ("https://[::1]/hook", "refused_address"),
        ("http://169.254.169.254/latest/meta-data", "refused_address"),
        ("http://user:password@example.com/", "unsupported_url"),
        ("ftp://example.com/", "validation"),
    ],
)
def test_an_address_inside_is_refused(client: httpx.Client, url: str, code: str) -> None:
    asked = {"url": "https://example.com/a.pdf", "webhook": url}
    answer = client.post("/v1/documents", json=asked)

    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:esg:problem:{code}")
    assert "webhook" in answer.json().get("next_step", answer.json()["detail"])
    assert client.get("/v1/jobs").json()["jobs"] == []


# -- through the fleet


def test_the_end_of_a_job_is_told_until_it_is_taken(tmp_path: Path, receiver: Receiver) -> None:
    receiver.answers = [500, 503]
    with (
        Fleet(tmp_path / "home", ESG_RETRY_BASE_SECONDS="0.1") as fleet,
        serving(fleet.settings) as client,
    ):
        asked: dict[str, Any] = {"url": "https://example.com/a.pdf", "webhook": receiver.url}
        answer = client.post("/v1/documents", json=asked)
        job, trace = answer.json(), answer.headers["x-trace-id"]
        client.delete(job["links"]["job"])
        fleet.start("control", is_faulty=False)
        fleet.until(lambda: len(receiver.told) >= 3, "three deliveries")
        fleet.until(lambda: fleet.count("stage_runs", task="control.webhook", state="done"), "the end")

    events = [json.loads(told.body) for told in receiver.told]
    assert events[0] == events[1] == events[2]
    assert events[0]["data"] | {"rubric": ""} == {
        "job_id": job["job_id"],
        "state": "cancelled",
        "reason_code": "",
        "document_id": None,
        "source": asked["url"],
        "rubric": "",
    }
    secret = (tmp_path / "home" / "webhook.secret").read_text()
    assert all(is_signed(told, secret) for told in receiver.told)
    assert {told.headers["traceparent"].split("-")[1] for told in receiver.told} == {trace}
