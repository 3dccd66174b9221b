"""The chaos suite can fail: whatever is broken on purpose, its check names."""

import shutil
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from esg.resources import open_resources
from esg.settings import Settings
from esg.state import Unit
from tests.chaos import campaign, rounds
from tests.chaos.invariants import Left, Violation, check
from tests.chaos.quiet import Outcome, Submission, nightly, outcome
from tests.chaos.rounds import draw
from tests.fakes.fleets import write_report
from tests.fakes.workshop import work_off

GOLD = Unit("etl.gold", "night", {"call": "night"}, on_queue="index")


@dataclass(frozen=True, slots=True)
class AtRest:
    """A home in which all work was done, and what it then held."""

    home: Path
    submissions: Sequence[Submission]
    outcome: Outcome


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> AtRest:
    """Two reports of a company scored, then together, and gold written: by one process, without a broker."""
    folder = tmp_path_factory.mktemp("at-rest")
    opened = open_resources(Settings(home=folder / "home"))
    submissions = [
        Submission(write_report(folder / f"{tag}.pdf", company="Acme", tag=tag), "Acme", 2024, tag)
        for tag in ("one", "two")
    ]
    for one in submissions:
        opened.state.submit(str(one.path), company=one.company, year=one.year, job_id=one.job)
    for units in ([], [nightly("night"), GOLD]):
        for unit in units:
            opened.state.enqueue(unit)
        work_off(folder / "home")
    found = outcome(opened, submissions, lake=folder / "home" / "lake")
    opened.state.close()
    return AtRest(folder / "home", submissions, found)


@pytest.fixture
def left(at_rest: AtRest, tmp_path: Path) -> Left:
    """A copy of it that a test may break."""
    home = shutil.copytree(at_rest.home, tmp_path / "home")
    return Left(open_resources(Settings(home=home)), at_rest.submissions, at_rest.outcome)


def test_nothing_is_wrong_with_a_fleet_at_rest(left: Left) -> None:
    assert check(left) == []
    assert set(left.quiet.ends.values()) == {"scored"}
    assert left.rows("SELECT 1 FROM company_years"), "the company's year was judged"
    assert left.quiet.gold


def lose_an_outbox_row(left: Left) -> None:
    left.resources.state.enqueue(Unit("etl.gold", "lost", {"call": "lost"}, on_queue="index"))
    left.resources.state.dispatch()
    _write(left, "DELETE FROM outbox")


def leave_an_outbox_row(left: Left) -> None:
    left.resources.state.enqueue(Unit("etl.gold", "left", {"call": "left"}, on_queue="index"))
    left.resources.state.dispatch()


def lose_a_job(left: Left) -> None:
    _write(left, "DELETE FROM jobs WHERE id = 'one'")


def leave_a_job_open(left: Left) -> None:
    _write(left, "UPDATE jobs SET finished_at = NULL, state = 'running' WHERE id = 'one'")


def double_a_scorecard_in_sql(left: Left) -> None:
    same = "key, overall, grade, sha256, created_at FROM scorecards LIMIT 1"
    _write(left, f"INSERT INTO scorecards SELECT document_id, pipeline_version, rubric || '.again', {same}")


def lose_a_scorecard_in_sql(left: Left) -> None:
    _write(left, "DELETE FROM scorecards WHERE rowid = 1")


def double_a_scorecard_in_the_lake(left: Left) -> None:
    card = _card(left)
    shutil.copy(card, card.with_name(card.name[:-21] + "0" * 16 + ".json"))


def tear_a_scorecard(left: Left) -> None:
    _card(left).write_bytes(_card(left).read_bytes()[:-100])


def lose_chunks(left: Left) -> None:
    next(left.lake.glob("silver/chunks/*/*.parquet")).unlink()


def lose_a_batch_of_vectors(left: Left) -> None:
    next(left.lake.glob("silver/vectors/*/*/*.parquet")).unlink()


def leave_an_object_of_no_document(left: Left) -> None:
    stray = left.lake / "bronze" / ("f" * 64) / "original"
    stray.parent.mkdir()
    stray.write_bytes(b"%PDF-1.7")


def leave_a_file_of_gold_that_no_entry_names(left: Left) -> None:
    file = next(left.lake.glob("gold/tables/*/kpis/*/*.parquet"))
    shutil.copy(file, file.with_name("0" * 16 + ".parquet"))


def set_a_stage_run_aside(left: Left) -> None:
    columns = "stage_run_id, state, kind, reason_code, task, stage, subject, args, first_seen, last_seen"
    values = "id, 'open', 'failed', 'bug', task, 'score', subject, args, created_at, created_at"
    _write(left, f"INSERT INTO dead_letters ({columns}) SELECT {values} FROM stage_runs LIMIT 1")


def fire_a_slot_twice(left: Left) -> None:
    for slot in ("2026-01-01 03:00:00.000000", "2026-01-02 03:00:00.000000"):
        _write(left, f"INSERT INTO schedule_fires VALUES ('gold', '{slot}', '{slot}', 'the-same')")


def write_gold_otherwise(left: Left) -> None:
    sorted((left.lake / "gold" / "log").glob("*.json"))[-1].unlink()


BROKEN: dict[Callable[[Left], None], str] = {
    lose_an_outbox_row: "no hint is lost",
    leave_an_outbox_row: "no hint is lost",
    lose_a_job: "every accepted document is over",
    leave_a_job_open: "every accepted document is over",
    double_a_scorecard_in_sql: "one scorecard for each document, pipeline and rubric",
    lose_a_scorecard_in_sql: "one scorecard for each document, pipeline and rubric",
    double_a_scorecard_in_the_lake: "one scorecard for each document, pipeline and rubric",
    tear_a_scorecard: "no orphan in the lake",
    lose_chunks: "no orphan in the lake",
    lose_a_batch_of_vectors: "no orphan in the lake",
    leave_an_object_of_no_document: "no orphan in the lake",
    leave_a_file_of_gold_that_no_entry_names: "no orphan in the lake",
    set_a_stage_run_aside: "nothing is set aside for a fault",
    fire_a_slot_twice: "each slot of the schedule fires once",
    write_gold_otherwise: "gold as in a quiet run",
}


@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_what_is_broken_is_named(damage: Callable[[Left], None], left: Left) -> None:
    damage(left)

    assert BROKEN[damage] in {violation.invariant for violation in check(left)}


def test_a_round_that_fails_tells_its_seed_and_the_command_that_draws_it_again(tmp_path: Path) -> None:
    asked = campaign.parser().parse_args(["--seed", "7", "--strikes", "3"], Namespace(given=[]))
    drawn = draw(7, 5, database="sqlite", folder=tmp_path, mix=campaign.mix_of(asked))
    broken = rounds.Outcome(drawn, [Violation("no hint is lost", "score.document of 4711")])
    one = campaign.Played("sqlite", broken)

    said = campaign.told(asked, one)

    assert "no hint is lost: score.document of 4711" in said
    command = ".venv/bin/python -m tests.chaos --seed 7 --round 5 --databases sqlite"
    assert f"seed 7; again: {command}" in said
    again = campaign.parser().parse_args(campaign.repeating(asked, one).split()[3:])
    assert again.databases == ["sqlite"]
    mix = campaign.mix_of(again)
    assert draw(again.seed, again.round, database="sqlite", folder=tmp_path, mix=mix) == drawn
    assert draw(again.seed, 6, database="sqlite", folder=tmp_path, mix=mix).strikes != drawn.strikes
    assert not campaign.record_of(asked, [one]).passed


def _write(left: Left, statement: str) -> None:
    with left.resources.state.engine.begin() as connection:
        connection.execute(sa.text(statement))


def _card(left: Left) -> Path:
    return sorted(left.lake.glob("gold/scorecards/*/*/*.json"))[0]
