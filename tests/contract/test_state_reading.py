"""What can be asked of the state; on SQLite and PostgreSQL."""

import pytest

from esg.domain import Document, Identity, MediaType, document_id
from esg.errors import Rejected
from esg.state import Company, Ingested, State, Wanted
from tests.fakes.little_fleet import Clock, LittleFleet

ACME = document_id(b"acme.pdf")


def test_a_document_is_as_it_was_read(fleet: LittleFleet) -> None:
    fleet.submit("http://example.com/acme.html")
    claimed = fleet.claim()
    fleet.clock.turn(5)
    read = Document(
        claimed.subject,
        "elsewhere.html",
        MediaType.HTML,
        1234,
        Identity("Acme", 2024, company_guessed=True, year_guessed=False),
        pages=3,
        language="de",
        title="Bericht",
    )

    before = fleet.state.document(claimed.subject)
    fleet.state.complete(claimed, Ingested(read, chunks=4, batches=1))
    after = fleet.state.document(claimed.subject)

    assert (before.state, before.document.media_type, before.document.pages) == ("running", MediaType.HTML, 0)
    assert (after.document.source, after.document.media_type) == (
        "http://example.com/acme.html",
        MediaType.HTML,
    )
    assert after.document.identity == read.identity
    assert (after.document.pages, after.document.language, after.document.title) == (3, "de", "Bericht")
    assert after.updated_at - after.created_at == fleet.clock.now - before.created_at


def test_what_is_over_is_listed_without_what_is_not(fleet: LittleFleet) -> None:
    for name in ("acme.pdf", "bolt.pdf", "cube.pdf"):
        fleet.submit(name)
    fleet.run()
    fleet.submit("late.pdf")

    over = fleet.state.list_documents(2, Wanted(is_over=True))
    cards = fleet.state.scorecards(ids=[record.document.id for record in over])

    assert [record.state for record in over] == ["scored", "scored"]
    assert len(fleet.state.list_documents(None, Wanted(is_over=True))) == 3
    assert {card.document_id for card in cards} == {record.document.id for record in over}
    assert fleet.state.scorecards(ids=[]) == []


def test_a_document_says_why_it_was_rejected(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.state.fail(fleet.claim(), Rejected("It is encrypted.", code="encrypted"))

    record = fleet.state.document(ACME)

    assert (record.state, record.reason_code, record.reason) == ("rejected", "encrypted", "It is encrypted.")


def test_documents_are_found_by_company_and_year(fleet: LittleFleet) -> None:
    for source, company, year in (("a", "Acme", 2023), ("b", "ACME", 2024), ("c", "Other", 2024)):
        fleet.submit(source, company=company, year=year)
        fleet.clock.turn(1)

    def sources(**given: object) -> list[str]:
        return [record.document.source for record in fleet.state.documents(**given)]  # type: ignore[arg-type]

    assert sources() == ["c", "b", "a"]
    assert sources(company="acme") == sources(company="Acme") == ["b", "a"]
    assert sources(year=2024) == ["c", "b"]
    assert sources(company="acme", year=2024) == ["b"]
    assert sources(company="nobody") == []


def test_companies_are_those_of_the_documents(fleet: LittleFleet) -> None:
    for source, company, year in (("a", "Acme", 2023), ("b", "ACME", 2024), ("c", "Other", None)):
        fleet.submit(source, company=company, year=year)
        fleet.clock.turn(1)
    fleet.submit("unknown")

    assert fleet.state.companies() == [
        Company("acme", "ACME", 2, (2023, 2024)),
        Company("other", "Other", 1, ()),
    ]


def test_scorecards_are_listed_with_their_figures(fleet: LittleFleet) -> None:
    for source, company, year in (("a", "Acme", 2023), ("b", "Acme", 2024), ("c", "Other", 2024)):
        fleet.submit(source, company=company, year=year)
    fleet.run()

    cards = fleet.state.scorecards()

    assert [(card.company, card.year) for card in cards] == [("Acme", 2024), ("Acme", 2023), ("Other", 2024)]
    assert {(card.overall, card.grade, card.rubric) for card in cards} == {(2.5, "Established", "maturity@1")}
    assert [card.year for card in fleet.state.scorecards("acme")] == [2024, 2023]


def test_jobs_are_listed_the_newest_first(state: State, clock: Clock) -> None:
    for number in range(3):
        state.submit(f"{number}.pdf")
        clock.turn(1)
    LittleFleet(state, clock).claim()

    assert [job.source for job in state.jobs()] == ["2.pdf", "1.pdf", "0.pdf"]
    assert [job.source for job in state.jobs(limit=1)] == ["2.pdf"]
    assert [job.source for job in state.jobs(state="running")] == ["0.pdf"]
    assert [job.source for job in state.jobs(state="queued")] == ["2.pdf", "1.pdf"]


def test_a_job_says_how_far_it_is_and_how_long_it_will_take(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock, batches={"known.pdf": 2, "long.pdf": 4})
    known = fleet.submit("known.pdf")
    assert known.eta_seconds is None
    while claims := fleet.claim_all():
        for claimed in claims:
            clock.turn(2)
            fleet.work(claimed)
    job = fleet.submit("long.pdf")
    fleet.work(fleet.claim())
    batches = fleet.claim_all()

    fleet.work(batches[0])

    halfway = state.job(job.id)
    assert (halfway.stage, halfway.pages, halfway.chunks, halfway.chunks_embedded) == ("embed", 7, 40, 10)
    assert halfway.eta_seconds == pytest.approx(30 * (2 + 4 + 0) / 30 + 2 + 2)
    for claimed in batches[1:]:
        fleet.work(claimed)
    fleet.run()
    assert state.job(job.id).eta_seconds is None


def test_counts_add_up(fleet: LittleFleet) -> None:
    fleet.submit("good.pdf")
    fleet.run()
    fleet.submit("bad.pdf")
    fleet.state.fail(fleet.claim(), Rejected("No.", code="no"))
    fleet.submit("new.pdf")

    assert fleet.state.document_counts() == {"scored": 1, "rejected": 1, "running": 1}
    assert fleet.state.dead_letter_count() == 1
    assert fleet.state.stage_counts() == {
        "ingest": {"done": 1, "dead": 1, "pending": 1},
        "embed": {"done": 2},
        "index": {"done": 1},
        "score": {"done": 1},
    }
    assert fleet.state.backlog() == 1
