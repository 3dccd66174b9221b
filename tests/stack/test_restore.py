"""PostgreSQL and S3, backed up, lost and restored to others: same scorecards, nothing done twice."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from esg import backup, errors
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes import stores
from tests.fakes.databases import temporary
from tests.fakes.fleets import Fleet, write_report
from tests.fakes.samples import SAMPLE
from tests.servers.postgres import programs

pytestmark = [
    pytest.mark.skipif(
        any(name not in os.environ for name in ("STACK_POSTGRES", "STACK_S3")),
        reason="needs `make test-stack`",
    ),
    pytest.mark.timeout(900),
]
ROLES = ("ingest", "embed", "index", "score")
PATIENCE_SECONDS = 400.0


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """Two empty databases of the stack's PostgreSQL, and its own client programs on the PATH."""
    with pytest.MonkeyPatch.context() as patch, temporary() as first, temporary() as second:
        patch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
        yield first, second


def test_a_database_and_a_bucket_come_back_elsewhere(databases: tuple[str, str], tmp_path: Path) -> None:
    late = write_report(tmp_path / "late.pdf", company="Late", tag="after the backup")
    old = {"ESG_DATABASE_URL": databases[0], "ESG_LAKE_URL": stores.s3_url()}
    new = {"ESG_DATABASE_URL": databases[1], "ESG_LAKE_URL": stores.s3_url()}
    with Fleet(tmp_path / "old", **old) as fleet:
        fleet.start(*ROLES, is_faulty=False)
        scored = _scored(fleet, SAMPLE)
        card = _card(fleet, scored)
        made = backup.make(fleet.settings, tmp_path / "backup")
        gone = _scored(fleet, late)
        late_card = _card(fleet, gone)
    shutil.rmtree(tmp_path / "old")

    fresh = Settings(
        home=tmp_path / "new", database_url=new["ESG_DATABASE_URL"], lake_url=new["ESG_LAKE_URL"]
    )
    assert backup.restore(fresh, tmp_path / "backup") == made

    assert (made.dialect, made.scorecards) == ("postgresql", 1)
    with Fleet(tmp_path / "new", **new) as fleet:
        fleet.start(*ROLES, is_faulty=False)
        assert _card(fleet, scored) == card
        assert _scored(fleet, SAMPLE) == scored
        with pytest.raises(errors.NotFound):
            fleet.state.document(gone)
        assert _card(fleet, _scored(fleet, late)) == late_card
        assert fleet.count("stage_runs", state="done", attempts=1) == fleet.count("stage_runs")
        assert fleet.count("dead_letters") == 0
    with pytest.raises(errors.Misconfigured, match="There are tables"):
        backup.restore(fresh, tmp_path / "backup")
    open_resources(fresh).state.close()


def _scored(fleet: Fleet, report: Path) -> str:
    """Have a report scored; returns its document."""
    job = fleet.submit(report)
    fleet.until(lambda: fleet.state.job(job).is_over, "the job to be over", PATIENCE_SECONDS)
    (ended,) = fleet.until_scored([job])
    return ended.document_id or ""


def _card(fleet: Fleet, document: str) -> bytes:
    return fleet.resources.lake.scorecard(fleet.state.scorecard_key(document) or "")
