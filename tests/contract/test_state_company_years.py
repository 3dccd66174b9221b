"""Company-years in the state: opened by the documents, judged once, replaced when the documents change."""

from dataclasses import replace

import pytest

from esg.domain import company_year_id, document_id
from esg.state import CompanyScored, Done, Later, Unit
from esg.state.schema import documents
from tests.fakes.little_fleet import Clock, LittleFleet

ACME, DATA = document_id(b"acme.pdf"), document_id(b"acme-data.pdf")


def submit(fleet: LittleFleet, *sources: str, company: str = "Acme AG", year: int = 2024) -> None:
    for source in sources:
        fleet.submit(source, company=company, year=year)


def test_two_documents_of_a_company_and_year_are_judged_together(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")

    tasks = fleet.run()

    assert tasks.count("score.company") == 1
    assert tasks[-1] == "score.company"
    (one,) = fleet.state.company_years("acme-ag")
    assert (one.company, one.year, one.documents) == ("Acme AG", 2024, tuple(sorted((ACME, DATA))))
    assert one.id == company_year_id("Acme AG", 2024, [DATA, ACME])
    assert one.key == f"gold/{one.id}"
    assert (one.overall, one.grade, one.sha256) == (2.5, "Established", "f" * 64)


@pytest.mark.parametrize(("company", "year"), [("Acme AG", 2023), ("Other plc", 2024)])
def test_another_year_or_company_is_not_judged_with_it(fleet: LittleFleet, company: str, year: int) -> None:
    submit(fleet, "acme.pdf")
    submit(fleet, "acme-data.pdf", company=company, year=year)

    assert "score.company" not in fleet.run()
    assert fleet.state.company_years() == []


def test_a_name_is_the_same_however_it_is_written_and_the_commonest_is_shown(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-policy.pdf")
    submit(fleet, "acme-data.pdf", company="ACME  A.G.".replace(".", ""))

    fleet.run()

    (one,) = fleet.state.company_years()
    assert (one.slug, one.company, len(one.documents)) == ("acme-ag", "Acme AG", 3)


def test_a_third_document_makes_it_another_and_it_is_judged_again(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run()
    (before,) = fleet.state.company_years()

    submit(fleet, "acme-policy.pdf")
    fleet.run(until="score.company")
    (unjudged,) = fleet.state.company_years()
    fleet.run()
    (after,) = fleet.state.company_years()

    assert unjudged.key == ""  # what was judged without the third is not shown for all three
    assert (len(before.documents), len(after.documents)) == (2, 3)
    assert after.key == f"gold/{after.id}" != before.key


def test_the_same_documents_again_are_no_work(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run()

    submit(fleet, "acme.pdf", "acme-data.pdf")

    assert fleet.run() == []


def test_a_document_that_goes_to_another_company_leaves_none_behind(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run()

    submit(fleet, "acme-data.pdf", company="Other plc")
    fleet.run()

    assert fleet.state.company_years() == []


def test_it_is_busy_while_a_document_is_on_its_way(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf")
    fleet.run()
    assert not fleet.state.is_busy("Acme AG", 2024)

    submit(fleet, "acme-data.pdf")

    assert fleet.state.is_busy("Acme AG", 2024)
    assert fleet.state.is_busy("acme-ag", None)
    assert not fleet.state.is_busy("Acme AG", 2023)


def test_later_is_no_failure_and_comes_again(fleet: LittleFleet, clock: Clock) -> None:
    unit = fleet.state.enqueue(Unit("score.company", "by hand", {"company": "Acme AG", "year": 2024}))
    for _ in range(10):  # more often than any budget of retries
        claimed = fleet.claim()
        assert claimed.id == unit
        assert fleet.state.complete(claimed, Later(5.0)).value == "passed"
        assert fleet.hints() == []
        clock.turn(6)
        assert fleet.state.sweep().retried == 1

    claimed = fleet.claim()
    assert (claimed.retries, claimed.lost) == (0, 0)
    assert fleet.state.complete(claimed, CompanyScored(())).value == "passed"
    assert fleet.state.backlog() == 0


def test_nothing_is_written_by_who_lost_the_lease(fleet: LittleFleet, clock: Clock) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run(until="score.company")
    claimed = fleet.claim()
    (one,) = fleet.state.company_years()
    clock.turn(60)
    fleet.state.sweep()

    fence = fleet.state.complete(claimed, CompanyScored((replace(one, key="gold/late"),)))

    assert fence.value == "fenced"
    assert fleet.state.company_years()[0].key == ""


def test_any_other_outcome_is_refused(fleet: LittleFleet) -> None:
    fleet.state.enqueue(Unit("score.company", "by hand", {"company": "Acme AG"}))

    with pytest.raises(TypeError, match="CompanyScored or Later"):
        fleet.state.complete(fleet.claim(), Done())


def test_documents_scored_one_after_the_other_by_another_rubric_are_judged_together(
    fleet: LittleFleet,
) -> None:
    """The first finds the second without a score by this rubric; when that has one, they are judged."""
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run()

    for source in ("acme.pdf", "acme-data.pdf"):
        fleet.submit(source, company="Acme AG", year=2024, rubric="other@1")
        fleet.run()

    (one,) = fleet.state.company_years("Acme AG", 2024, "other@1")
    assert one.key == f"gold/{one.id}"


def test_a_document_scored_after_the_task_has_looked_is_not_forgotten(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run(until="score.company")
    claimed = fleet.claim()
    seen = fleet.outcome(claimed)

    submit(fleet, "acme-policy.pdf")
    while (other := fleet.claim_all()) and not any(c.task == "score.company" for c in other):
        for one in other:
            fleet.work(one)
    fleet.state.complete(claimed, seen)
    for one in other:
        fleet.work(one)
    fleet.run()

    (together,) = fleet.state.company_years()
    assert (len(together.documents), together.key) == (3, f"gold/{together.id}")


def test_a_document_scored_while_the_same_set_is_being_judged_is_not_forgotten(fleet: LittleFleet) -> None:
    """Both are known, one is scored by this rubric only while the task holds the lease."""
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run()
    fleet.submit("acme.pdf", company="Acme AG", year=2024, rubric="other@1")
    fleet.run(until="score.company")
    claimed = fleet.claim()
    assert claimed.task == "score.company"
    seen = fleet.outcome(claimed)
    assert seen == CompanyScored(())

    fleet.submit("acme-data.pdf", company="Acme AG", year=2024, rubric="other@1")
    for one in fleet.claim_all():
        fleet.work(one)
    fleet.state.complete(claimed, seen)
    fleet.run()

    (one,) = fleet.state.company_years("Acme AG", 2024, "other@1")
    assert one.key == f"gold/{one.id}"


def test_a_name_given_in_other_letters_is_judged_anew(fleet: LittleFleet) -> None:
    submit(fleet, "acme.pdf", "acme-data.pdf")
    fleet.run()

    submit(fleet, "acme.pdf", "acme-data.pdf", company="ACME AG")
    fleet.run()

    (one,) = fleet.state.company_years()
    assert (one.company, one.key) == ("ACME AG", f"gold/{one.id}")


def test_a_document_without_a_year_does_not_hide_the_newest(fleet: LittleFleet) -> None:
    submit(fleet, "old.pdf", year=2022)
    submit(fleet, "new.pdf", year=2024)
    fleet.run()
    with fleet.state.engine.begin() as tx:
        tx.execute(documents.update().where(documents.c.id == document_id(b"old.pdf")).values(year=None))

    assert [record.year for record in fleet.state.scorecards("Acme AG")] == [2024, None]
