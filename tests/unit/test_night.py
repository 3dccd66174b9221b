"""The night: what changed is scored and nothing else, what was missed runs once, what is old is forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esg.domain import document_id
from esg.resources import Resources, open_resources
from esg.retention import retain
from esg.schedule import Entry
from esg.settings import Settings
from tasks.clock import fire_due
from tasks.score import open_night
from tests.fakes.little_fleet import Clock, LittleFleet
from tests.fakes.rubrics import own

ACME, DATA, OTHER = (document_id(name) for name in (b"acme.pdf", b"data.pdf", b"other.pdf"))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NIGHTLY = Entry("nightly", "score.nightly", at=NOON.time())
KEY = "gold/scorecards/old-"
OTHER_EMBEDDER = "tests.fakes.letter_embedder:open_letters"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def rubric(tmp_path: Path) -> str:
    """A rubric of one's own, which may be changed."""
    path = tmp_path / "own.toml"
    path.write_text(own())
    return str(path)


@pytest.fixture
def fleet(home: Path) -> Iterator[LittleFleet]:
    """A fleet that has scored two documents of Acme's, together, and one of another company."""
    opened = open_resources(Settings(home=home))
    fleet = LittleFleet(opened.state, Clock())
    for source, company in (("acme.pdf", "Acme"), ("data.pdf", "Acme"), ("other.pdf", "Other")):
        fleet.submit(source, company=company, year=2024)
    fleet.run()
    yield fleet
    opened.state.close()


def night(settings: Settings, call: str = "night 1") -> tuple[list[str], Resources]:
    """Do what a night opens with these settings; gives the tasks that were done."""
    opened = open_resources(settings)
    open_night(opened, call=call)
    return LittleFleet(opened.state, Clock()).run(), opened


def test_a_night_without_a_change_is_no_work(fleet: LittleFleet, home: Path) -> None:
    before = fleet.state.jobs()

    assert night(Settings(home=home))[0] == []
    assert fleet.state.jobs() == before


def test_a_new_document_makes_its_company_year_anew_and_no_other(fleet: LittleFleet, home: Path) -> None:
    fleet.submit("policy.pdf", company="Acme", year=2024)
    fleet.run(until="score.company")  # and the fleet was stopped
    with fleet.state.engine.begin() as tx:
        tx.exec_driver_sql("UPDATE stage_runs SET state = 'cancelled' WHERE task = 'score.company'")

    tasks, opened = night(Settings(home=home))

    assert tasks == ["score.company"]
    (one,) = opened.state.company_years()
    assert (one.slug, len(one.documents), bool(one.key)) == ("acme", 3, True)


def test_a_changed_rubric_scores_each_document_and_reads_none(
    fleet: LittleFleet, home: Path, rubric: str
) -> None:
    tasks, _ = night(Settings(home=home, rubric=rubric))
    again, _ = night(Settings(home=home, rubric=rubric), "night 2")
    Path(rubric).write_text(Path(rubric).read_text() + "\n# changed\n")
    changed, _ = night(Settings(home=home, rubric=rubric), "night 3")

    assert sorted(set(tasks)) == ["score.company", "score.document"]
    assert (tasks.count("score.document"), tasks.count("score.company")) == (3, 1)
    assert again == []
    assert sorted(changed) == sorted(tasks)


def test_another_model_embeds_and_scores_each_document(fleet: LittleFleet, home: Path) -> None:
    tasks, opened = night(Settings(home=home, embedder=OTHER_EMBEDDER))
    again, _ = night(Settings(home=home, embedder=OTHER_EMBEDDER), "night 2")

    assert (tasks.count("embed.batch"), tasks.count("score.document")) == (6, 3)
    assert tasks.count("score.company") == 1
    assert again == []
    assert {card.pipeline_version for card in opened.state.scorecards()} == {
        opened.pipeline_version,
        open_resources(Settings(home=home)).pipeline_version,
    }


def test_missed_nights_are_made_up_for_once(fleet: LittleFleet) -> None:
    for now, due in ((0, ["nightly"]), (0.1, []), (0.9, []), (5.5, ["nightly"]), (5.6, []), (6, ["nightly"])):
        assert fire_due([NIGHTLY], fleet.state, now=NOON + timedelta(days=now)) == due
        fleet.run()


def test_a_night_that_is_not_over_keeps_the_next_waiting(fleet: LittleFleet) -> None:
    assert fire_due([NIGHTLY], fleet.state, now=NOON) == ["nightly"]
    held = fleet.claim()

    assert fire_due([NIGHTLY], fleet.state, now=NOON + timedelta(days=1)) == []
    fleet.work(held)
    assert fire_due([NIGHTLY], fleet.state, now=NOON + timedelta(days=1, hours=5)) == ["nightly"]


def test_what_is_off_does_not_run(fleet: LittleFleet) -> None:
    off = Entry("nightly", "score.nightly", at=NOON.time(), is_on=False)

    assert fire_due([off], fleet.state, now=NOON) == []


def test_retention_forgets_work_and_keeps_documents_and_current_scorecards(
    fleet: LittleFleet, home: Path
) -> None:
    with fleet.state.engine.begin() as tx:  # as keys of the lake are: of each version its own
        tx.exec_driver_sql(f"UPDATE scorecards SET key = '{KEY}' || substr(document_id, 1, 16) || '.json'")
    _, newer = night(Settings(home=home, embedder=OTHER_EMBEDDER))
    settings = Settings(home=home, embedder=OTHER_EMBEDDER, retain_days=30, retain_scorecards_days=30)
    opened = open_resources(settings)
    later = datetime.now(UTC) + timedelta(days=31)

    assert retain(opened, now=datetime.now(UTC)).jobs == 0
    dry = retain(opened, is_dry_run=True, now=later)
    assert len(newer.state.jobs()) == 6
    wet = retain(opened, now=later)

    assert dry == wet
    assert (wet.jobs, wet.scorecards) == (6, 4)  # three of documents, one of a company-year
    assert wet.stage_runs > 10  # of the version before
    assert sorted(wet.keys) == sorted(f"{KEY}{name[:16]}.json" for name in (ACME, DATA, OTHER))
    assert retain(opened, now=later) == type(wet)()
    assert {card.pipeline_version for card in opened.state.scorecards()} == {opened.pipeline_version}
    assert len(opened.state.documents()) == 3
    assert [bool(one.key) for one in opened.state.company_years()] == [True]
    assert night(settings, "after")[0] == []


def test_unless_it_is_asked_for_scorecards_are_kept_for_ever(fleet: LittleFleet, home: Path) -> None:
    night(Settings(home=home, embedder=OTHER_EMBEDDER))

    wet = retain(open_resources(Settings(home=home)), now=datetime.now(UTC) + timedelta(days=10_000))

    assert (wet.jobs, wet.scorecards, wet.keys) == (6, 0, ())
    assert len(fleet.state.scorecards()) == 6
