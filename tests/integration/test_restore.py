"""`make restore-drill`: score, back up, lose everything, restore elsewhere, go on; with a real fleet."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from esg import backup, errors
from esg.objects import FolderObjects
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import snapshot
from tests.fakes.fleets import Fleet, write_report
from tests.fakes.samples import SAMPLE
from tests.fakes.terminal import esg
from tests.fakes.workshop import work_off

ROLES = ("ingest", "embed", "index", "score")


def test_what_was_lost_is_as_it_was_and_nothing_is_done_twice(tmp_path: Path) -> None:
    lost, found, kept = tmp_path / "lost", tmp_path / "found", tmp_path / "backup"
    late = write_report(tmp_path / "late.pdf", company="Late", tag="after the backup")
    with Fleet(lost) as fleet:
        fleet.start(*ROLES, is_faulty=False)
        (scored,) = fleet.until_scored([fleet.submit(SAMPLE)])
        key = fleet.state.scorecard_key(scored.document_id or "") or ""
        card = fleet.resources.lake.scorecard(key)
        made = json.loads(esg(lost, "backup", str(kept), "--json").stdout)
        (gone,) = fleet.until_scored([fleet.submit(late)])
        late_card = fleet.resources.lake.scorecard(fleet.state.scorecard_key(gone.document_id or "") or "")
    shutil.rmtree(lost)

    esg(found, "restore", str(kept))

    assert (made["documents"], made["scorecards"]) == (1, 1)
    with Fleet(found) as fleet:
        before = fleet.count("stage_runs")
        fleet.start(*ROLES, is_faulty=False)
        assert (
            fleet.resources.lake.scorecard(fleet.state.scorecard_key(scored.document_id or "") or "") == card
        )
        (again,) = fleet.until_scored([fleet.submit(SAMPLE)])
        assert (again.reused, again.document_id) == (True, scored.document_id)
        with pytest.raises(errors.NotFound):
            fleet.state.job(gone.id)
        (anew,) = fleet.until_scored([fleet.submit(late)])
        assert (
            fleet.resources.lake.scorecard(fleet.state.scorecard_key(anew.document_id or "") or "")
            == late_card
        )
        of_the_sample = fleet.count("stage_runs", document_id=scored.document_id)
        assert (
            fleet.count("stage_runs", document_id=scored.document_id, state="done", attempts=1)
            == of_the_sample
        )
        assert fleet.count("stage_runs", state="done") == fleet.count("stage_runs") > before
        assert fleet.count("dead_letters") == 0


def test_what_is_scored_between_the_two_copies_does_no_harm(tmp_path: Path) -> None:
    """The database goes first: the lake is ahead of it, and every object that a row names is there."""
    home, late = tmp_path / "home", write_report(tmp_path / "late.pdf", tag="between")
    opened = open_resources(Settings(home=home))
    early = write_report(tmp_path / "early.pdf", tag="early")
    opened.state.submit(str(early), job_id="early", company="Early", year=2024)
    work_off(home)

    def meanwhile(copied_next: str) -> None:
        if copied_next == "lake":
            opened.state.submit(str(late), job_id="late", company="Late", year=2024)
            work_off(home)

    made = backup.make(opened.settings, tmp_path / "backup", tell=meanwhile)

    restored = open_resources(Settings(home=tmp_path / "restored"))
    backup.restore(restored.settings, tmp_path / "backup")
    assert [job.id for job in restored.state.jobs()] == ["early"]
    assert (
        len(FolderObjects(tmp_path / "backup/lake").keys("gold/scorecards"))
        == 2
        > len(restored.state.scorecards())
    )
    for card in restored.state.scorecards():
        assert restored.lake.scorecard(card.key) == opened.lake.scorecard(card.key)
    assert made.objects == len(opened.lake._objects.keys(""))
    opened.state.close()
    restored.state.close()


def test_the_other_way_round_would_name_what_is_not_there(tmp_path: Path) -> None:
    """A lake that was copied before the database lacks what was scored meanwhile, and the check says so."""
    home = tmp_path / "home"
    opened = open_resources(Settings(home=home))
    early_lake = tmp_path / "early"
    opened.lake.probe()
    shutil.copytree(home / "lake", early_lake)
    opened.state.submit(str(write_report(tmp_path / "late.pdf", tag="other way")), job_id="late")
    work_off(home)

    wrong = Settings(home=home, lake_url=str(early_lake))
    with pytest.raises(errors.EsgError, match="1 scorecards of the database are not in the lake"):
        backup.make(wrong, tmp_path / "backup")
    with pytest.raises(errors.NotFound, match="no whole backup"):
        backup.restore(Settings(home=tmp_path / "restored"), tmp_path / "backup")
    opened.state.close()


def test_a_backup_goes_to_a_new_folder_and_a_restore_to_an_empty_database(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(errors.Misconfigured, match="nothing to back up"):
        backup.make(settings, tmp_path / "backup")
    opened = open_resources(settings)
    opened.state.ping()
    backup.make(settings, tmp_path / "backup")

    with pytest.raises(errors.Misconfigured, match="is not empty"):
        backup.make(settings, tmp_path / "backup")
    with pytest.raises(errors.Misconfigured, match="There are tables"):
        backup.restore(settings, tmp_path / "backup")
    opened.state.close()


def test_an_older_backup_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    dump = Path(__file__).parents[1] / "fixtures/releases/0012/state.sql"
    connection = sqlite3.connect(folder / snapshot.SQLITE_FILE)
    connection.executescript(dump.read_text())
    connection.close()
    made = backup.Backup(backup.FORMAT, "2026-11-27T17:14:00Z", "sqlite", "0012", 2, 1, -1, 0)
    (folder / backup.MANIFEST).write_text(json.dumps({name: getattr(made, name) for name in made.__slots__}))

    restored = open_resources(Settings(home=tmp_path / "home"))
    backup.restore(restored.settings, folder)

    assert {job.id for job in restored.state.jobs()} == {"done", "read", "leased", "pending"}
    restored.state.close()
