"""Tenants share work, not sight: each sees its own jobs, documents, scores and company-years alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from esg.domain import document_id
from esg.errors import NotFound
from esg.register import read
from esg.state import State
from tests.fakes.little_fleet import POLICY, LittleFleet

ACME = document_id(b"acme.pdf")
SHARED = ["ingest.document", "embed.batch", "embed.batch", "index.document"]


@pytest.fixture
def ann(fleet: LittleFleet) -> State:
    return fleet.state.seen_by("ann")


@pytest.fixture
def ben(fleet: LittleFleet) -> State:
    return fleet.state.seen_by("ben")


@pytest.mark.parametrize(
    "look",
    [
        lambda state: state.documents(),
        lambda state: state.companies(),
        lambda state: state.jobs(),
        lambda state: state.scorecards(),
        lambda state: state.company_years(),
        lambda state: state.readable(),
        lambda state: state.unscored(),
        lambda state: [key for key in [state.scorecard_key(ACME)] if key],
    ],
)
@pytest.mark.parametrize("sender", ["ann", None])
def test_nothing_of_another_is_listed(
    fleet: LittleFleet, ben: State, look: Callable[[State], list[object]], sender: str | None
) -> None:
    for source in ("acme.pdf", "acme-data.pdf"):
        fleet.submit(source, tenant=sender, company="Acme AG", year=2024)
    fleet.run()

    assert look(ben) == []


def test_what_another_has_is_not_there(fleet: LittleFleet, ben: State) -> None:
    job = fleet.submit("acme.pdf", tenant="ann")
    fleet.run()

    for known, unknown in (
        (lambda: ben.job(job.id), lambda: ben.job("0" * 32)),
        (lambda: ben.cancel(job.id), lambda: ben.cancel("0" * 32)),
        (lambda: ben.document(ACME), lambda: ben.document("0" * 64)),
    ):
        said = []
        for ask, name in ((known, job.id), (unknown, "0" * 32)):
            with pytest.raises(NotFound) as raised:
                ask()
            said.append(str(raised.value).replace(ACME, "").replace("0" * 64, "").replace(name, ""))
        assert said[0] == said[1]


def test_the_work_is_shared_and_the_score_is_not(fleet: LittleFleet, ann: State, ben: State) -> None:
    fleet.submit("acme.pdf", tenant="ann", company="Falcon", year=2021)
    first = fleet.run()
    job = fleet.submit("acme.pdf", tenant="ben", name="b.pdf")
    second = fleet.run()

    assert first == [*SHARED, "score.document"]
    assert second == ["score.document"]
    assert not ben.job(job.id).reused
    assert ann.document(ACME).document.identity.given == ("Falcon", 2021)
    record = ben.document(ACME)
    assert (record.document.identity.company, record.document.identity.year) == ("Guessed plc", 2023)
    assert (record.document.source, record.state, record.document.pages) == ("b.pdf", "scored", 7)
    assert [len(state.scorecards()) for state in (ann, ben)] == [1, 1]
    assert ann.scorecard_key(ACME) != ben.scorecard_key(ACME)


def test_two_at_once_share_it_too(fleet: LittleFleet, ann: State, ben: State) -> None:
    fleet.submit("acme.pdf", tenant="ann", company="Falcon")
    fleet.submit("acme.pdf", tenant="ben", company="Acme", year=2024)

    assert fleet.run() == [*SHARED, "score.document", "score.document"]
    assert [state.companies()[0].name for state in (ann, ben)] == ["Falcon", "Acme"]
    assert [state.jobs()[0].company for state in (ann, ben)] == ["Falcon", "Acme"]
    assert ann.jobs()[0].year == 2023


def test_a_tenants_words_are_no_hint_for_what_is_read(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf", tenant="ann", name="falcon-2031.pdf", company="Falcon", year=2031)
    args = fleet.claim().args

    assert (args["source"], args["company"], args["year"]) == ("", None, None)


def test_a_url_is_a_document_of_its_sender_alone(fleet: LittleFleet, ann: State, ben: State) -> None:
    url = "https://falcon.example/acme.pdf"
    ann.submit(url, company="Falcon", year=2031)
    fleet.run()
    name = document_id(url.encode())

    assert ann.document(name).document.identity.given == ("Falcon", 2031)
    assert fleet.state.document(name).document.identity.company == "Guessed plc"
    with pytest.raises(NotFound):
        ben.document(name)


def test_whose_it_is_can_be_changed_by_its_holder_for_itself(
    fleet: LittleFleet, ann: State, ben: State
) -> None:
    for tenant in ("ann", "ben"):
        fleet.submit("acme.pdf", tenant=tenant, company="Acme")
    fleet.run()

    fleet.submit("acme.pdf", tenant="ann", company="Falcon")

    assert fleet.run() == ["score.document"]
    assert [state.document(ACME).document.identity.company for state in (ann, ben)] == ["Falcon", "Acme"]


def test_company_years_are_of_ones_own_documents(fleet: LittleFleet, ann: State, ben: State) -> None:
    for tenant, source in (("ann", "acme.pdf"), ("ben", "acme.pdf"), ("ben", "other.pdf"), (None, "x.pdf")):
        fleet.submit(source, tenant=tenant, company="Acme AG", year=2024)

    fleet.run()

    assert ann.company_years() == fleet.state.company_years() == []
    (one,) = ben.company_years("acme-ag")
    assert one.documents == tuple(sorted(map(document_id, (b"acme.pdf", b"other.pdf"))))
    assert (one.key, one.tenant) == (f"gold/{one.id}", "ben")


def test_the_same_company_year_of_two_is_judged_for_each(fleet: LittleFleet, ann: State, ben: State) -> None:
    for tenant in ("ann", "ben"):
        for source in ("acme.pdf", "other.pdf"):
            fleet.submit(source, tenant=tenant, company="Acme AG", year=2024)

    assert fleet.run().count("score.company") == 2
    assert [bool(one.key) for state in (ann, ben) for one in state.company_years()] == [True, True]


def test_the_operator_sees_all_and_its_words_are_its_own(fleet: LittleFleet, ann: State) -> None:
    fleet.submit("acme.pdf", tenant="ann", company="Falcon", name="falcon.pdf")
    fleet.run()
    seen = fleet.state.document(ACME)
    assert (seen.document.identity.company, seen.state) == ("Guessed plc", "scored")
    assert [job.company for job in fleet.state.jobs()] == ["Falcon"]
    assert fleet.state.scorecard_key(ACME) == ann.scorecard_key(ACME)
    assert fleet.state.unscored() == []

    fleet.submit("acme.pdf", company="Acme", name="acme-report.pdf")
    fleet.run()

    document = fleet.state.document(ACME).document
    assert (document.identity.company, document.source) == ("Acme", "acme-report.pdf")
    assert ann.document(ACME).document.identity.company == "Falcon"
    assert fleet.state.scorecard_key(ACME) != ann.scorecard_key(ACME)


def test_one_who_cancels_stops_no_other(fleet: LittleFleet, ann: State, ben: State) -> None:
    mine = fleet.submit("acme.pdf", tenant="ann")
    theirs = fleet.submit("acme.pdf", tenant="ben")

    ann.cancel(mine.id)
    fleet.run()

    assert (ann.job(mine.id).state, ben.job(theirs.id).state) == ("cancelled", "scored")


def test_the_register_names_a_tenants_documents_too(fleet: LittleFleet, ann: State) -> None:
    fleet.submit("acme.pdf", tenant="ann", company="ACME Group")
    fleet.run()
    lines, problems = read("name,aliases,sector\nAcme AG,ACME Group,Chemicals\n")

    fleet.state.import_companies(lines, problems)

    (company,) = ann.companies()
    assert (company.name, company.sector) == ("Acme AG", "Chemicals")
    assert [record.document.id for record in ann.documents("Acme AG")] == [ACME]


def test_what_lacks_a_score_is_found_for_whom_it_lacks(fleet: LittleFleet, ann: State) -> None:
    """As the night looks for it: a tenant's document is no work of the operator's."""
    fleet.submit("acme.pdf", tenant="ann")
    fleet.submit("other.pdf")
    fleet.run()
    newer = State(fleet.state.engine, replace(POLICY, pipeline_version="p2"))

    assert newer.tenants() == ["ann"]
    assert [record.document.id for record in newer.unscored()] == [document_id(b"other.pdf")]
    assert [record.document.id for record in newer.seen_by("ann").unscored()] == [ACME]


@pytest.mark.parametrize("other", ["an", "ann-b", "a_n"])
def test_a_name_that_begins_alike_is_another(fleet: LittleFleet, other: str) -> None:
    fleet.submit("acme.pdf", tenant="ann")
    fleet.run()

    assert fleet.state.seen_by(other).scorecards() == []
    assert fleet.state.seen_by(other).scorecard_key(ACME) is None
