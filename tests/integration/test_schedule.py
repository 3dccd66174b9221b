"""The clock at the terminal and in the metrics: what runs when, what ran, what was forgotten."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from prometheus_client.parser import text_string_to_metric_families

from esg.cli import main
from esg.resources import open_resources
from esg.schedule import read
from esg.settings import Settings
from tasks.clock import fire_due
from tests.fakes.little_fleet import Clock, LittleFleet
from tests.fakes.serving import serving


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where every entry has run once."""
    home = tmp_path_factory.mktemp("home")
    opened = open_resources(Settings(home=home))
    fire_due(opened.schedule, opened.state, now=datetime.now(UTC))
    LittleFleet(opened.state, Clock()).run()
    opened.state.close()
    return home


def esg(home: Path, *arguments: str, code: int = 0, **environment: str) -> Result:
    ran = CliRunner(env={"ESG_HOME": str(home), **environment}).invoke(main, arguments)
    assert ran.exit_code == code, ran.output
    return ran


def test_the_schedule_tells_next_run_and_last_success(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_text('[nightly]\nzone = "Europe/Berlin"\n[retention]\nis_on = false\n')

    rows = json.loads(esg(home, "schedule", "--json", ESG_SCHEDULE=str(path)).stdout)
    found: dict[str, dict[str, Any]] = {row["entry"]: row for row in rows}

    assert set(found) == {entry.name for entry in read(None)}
    nightly = found["nightly"]
    assert (nightly["when"], nightly["zone"], nightly["state"]) == ("02:00", "Europe/Berlin", "done")
    assert datetime.fromisoformat(nightly["next_run"]) > datetime.now(UTC)
    assert nightly["last_success"]
    assert found["retention"]["next_run"] is None
    assert "CE" in esg(home, "schedule", ESG_SCHEDULE=str(path)).stdout  # CET or CEST


def test_a_wrong_schedule_is_told(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_text("[nightly]\nat = 99")

    assert "ESG_SCHEDULE" in esg(home, "schedule", code=2, ESG_SCHEDULE=str(path)).stderr


def test_the_last_success_of_each_entry_is_a_metric(home: Path) -> None:
    with serving(Settings(home=home)) as client:
        families = text_string_to_metric_families(client.get("/metrics").text)
    samples = {s.labels["entry"]: s.value for f in families for s in f.samples
               if s.name == "esg_beat_last_success_timestamp"}  # fmt: skip

    assert set(samples) == {entry.name for entry in read(None)}
    assert all(value > 1_700_000_000 for value in samples.values())


def test_nothing_that_is_young_is_forgotten(home: Path) -> None:
    found = json.loads(esg(home, "retain", "--dry-run", "--json").stdout)

    assert found.pop("dry_run") is True
    assert set(found.values()) == {0}
    assert "would forget 0 jobs" in esg(home, "retain", "--dry-run").stderr
    assert "forgot 0 jobs" in esg(home, "retain").stderr
