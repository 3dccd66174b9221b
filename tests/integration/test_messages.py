"""What a worker does with messages that are not the fleet's: nothing, but it says so, and goes on working."""

import base64
import json
import pickle
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from celery import Celery
from click.testing import CliRunner

from esg.cli import main
from esg.state import DeadLetter
from tests.fakes.fleets import Fleet, write_report

KEY, OTHER, STRANGE = "fleet-key-" + "k" * 33, "next-key-" + "n" * 33, "strange-key-" + "s" * 33
NONE = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}


class Payload:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> Any:
        return Path.mkdir, (self.folder / "executed",)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Fleet(tmp_path_factory.mktemp("home"), ESG_MESSAGE_KEY=KEY, ESG_MESSAGE_KEY_ACCEPTED=OTHER) as fleet:
        fleet.start("ingest", "control", is_faulty=False)
        yield fleet


@pytest.fixture
def queue(fleet: Fleet) -> Iterator[redis.Redis]:
    with fleet.app().pool.acquire() as connection:
        yield connection.default_channel.client


def letters(fleet: Fleet, code: str) -> list[DeadLetter]:
    return [letter for letter in fleet.state.dead_letters() if letter.reason_code == code]


def _are_there(fleet: Fleet, code: str, count: int) -> bool:
    return len(letters(fleet, code)) >= count


def entry(body: Any = ((), {}, NONE), content: str = "application/json", **headers: Any) -> str:
    """A message as it lies in Redis."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return json.dumps(
        {
            "body": base64.b64encode(data).decode(),
            "content-type": content,
            "content-encoding": "utf-8",
            "headers": {"task": "control.sweep", "id": "entry", **headers},
            "properties": {
                "body_encoding": "base64",
                "delivery_tag": f"tag-{content}-{len(data)}",
                "delivery_info": {"exchange": "", "routing_key": "control"},
            },
        }
    )


def test_a_worker_outlives_whatever_lies_in_its_queue_and_leaves_a_dead_letter(
    fleet: Fleet, queue: redis.Redis, tmp_path: Path
) -> None:
    strange = {
        "message_not_json": [
            "not json",
            "[]",
            '"text"',
            "{}",
            '{"properties": {}}',
            json.dumps(json.loads(entry()) | {"headers": "none"}),
            json.dumps(json.loads(entry()) | {"headers": {"task": "control.sweep", "compression": "zlib"}}),
            '{"__type__": "decimal", "__value__": "no number"}',
            entry(pickle.dumps(Payload(tmp_path)), "application/x-python-serialize"),
            entry(b"!!python/object/apply:os.system [id]", "application/x-yaml"),
            entry(b"\x93\x90\x80\x80", "application/x-msgpack"),
            entry(b"not json"),
        ],
        "message_too_large": [entry(b'[[], {"text": "' + b"x" * 100_000 + b'"}, {}]')],
        "message_malformed": [
            entry([[], {}, {"callbacks": [{"task": "control.sweep", "args": []}]}]),
            entry([[], {"source": {"deep": 1}}, NONE]),
            entry(eta="2030-01-01T00:00:00"),
        ],
        "message_unsigned": [entry(), entry(task="celery.map"), entry(task="no.such")],
        "message_wrong_signature": [entry(esg_signature="v1=" + "0" * 64)],
    }
    for texts in strange.values():
        for text in texts:
            queue.lpush("control", text)

    for code, texts in strange.items():
        fleet.until(partial(_are_there, fleet, code, len(texts)), f"dead letters: {code}")

    assert all(worker.is_running for worker in fleet.workers.values())
    assert not (tmp_path / "executed").exists()
    fleet.until(lambda: queue.hlen("unacked") == 0 and queue.llen("control") == 0, "nothing left in Redis")
    assert "Unrecoverable" not in (fleet.home / "control.log").read_text()
    assert "x" * 100 not in (fleet.home / "control.log").read_text(), "nothing of what it said"


def _refused(fleet: Fleet) -> set[object]:
    return {letter.args.get("id") for letter in fleet.state.dead_letters()}


def call(fleet: Fleet, monkeypatch: pytest.MonkeyPatch, key: str, **kwargs: Any) -> str:
    """Send a submission as whoever has `key` does; returns its id."""
    monkeypatch.setenv("ESG_MESSAGE_KEY", key)
    app: Celery = fleet.app()
    return str(app.send_task("ingest.document", kwargs=kwargs).id)


def test_what_is_signed_with_a_key_of_the_fleet_is_done_and_nothing_else(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reports = [write_report(tmp_path / f"{name}.pdf", tag=name) for name in ("now", "next")]
    done = [
        call(fleet, monkeypatch, key, source=str(report))
        for key, report in zip((KEY, OTHER), reports, strict=True)
    ]
    unsigned = call(fleet, monkeypatch, "", source="/etc/hostname")
    forged = call(fleet, monkeypatch, STRANGE, source="/etc/hostname")

    fleet.until(lambda: {job.id for job in fleet.state.jobs()} >= set(done), "signed calls to be taken")
    fleet.until(lambda: _refused(fleet) >= {unsigned, forged}, "the others to be refused")
    assert {unsigned, forged}.isdisjoint(job.id for job in fleet.state.jobs())
    fleet.until(  # what the fleet sends itself is signed, too
        lambda: fleet.count("stage_runs", task="ingest.document", state="done") == 2, "both reports read"
    )


def test_a_call_that_makes_no_sense_leaves_a_dead_letter(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = call(fleet, monkeypatch, KEY, source="a.pdf", colour="green")

    fleet.until(lambda: letters(fleet, "bad_arguments"), "a dead letter")

    (letter,) = letters(fleet, "bad_arguments")
    assert (letter.args["task"], letter.args["id"]) == ("ingest.document", wrong)
    assert "colour" in letter.reason
    assert wrong not in {job.id for job in fleet.state.jobs()}
    runner = CliRunner()
    tried = runner.invoke(main, ["dlq", "retry", letter.id], env={"ESG_HOME": str(fleet.home)})
    assert (tried.exit_code, "sent again" in tried.stderr) == (2, True)
    dropped = runner.invoke(main, ["dlq", "drop", letter.id], env={"ESG_HOME": str(fleet.home)})
    assert dropped.exit_code == 0
    assert not letters(fleet, "bad_arguments")


def test_the_canary_tells_how_long_it_took(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission is stamped when it is sent, by whatever process sends it."""
    monkeypatch.setenv("ESG_MESSAGE_KEY", KEY)
    fleet.app().send_task("control.canary")
    url = (fleet.home / "run" / "control" / "metrics.url").read_text()

    assert fleet.until(lambda: _canary_seconds(url), "the canary's time") < 60


def _canary_seconds(url: str) -> float:
    lines = httpx.get(url).text.splitlines()
    return next((float(x.split()[-1]) for x in lines if x.startswith("esg_canary_seconds")), 0.0)
