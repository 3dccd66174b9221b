"""The register in the state: imported whole or not at all, documents matched to it; SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from esg.domain import document_id
from esg.errors import NotFound
from esg.register import read
from esg.state import Imported, State, open_engine
from tests.fakes.little_fleet import Clock, LittleFleet, open_state

LEI = "529900K9B0N5BT694847"
OTHER_LEI = "W38RGI023J3WT1HWRP32"
ACME, DATA = document_id(b"acme.pdf"), document_id(b"acme-data.pdf")
HEAD = "name,aliases,sector,country,lei,fiscal_year_end,domain"


def load(state: State, *rows: str) -> Imported:
    return state.import_companies(*read("\n".join((HEAD, *rows))))


def submit(fleet: LittleFleet, **companies: str) -> None:
    for source, company in companies.items():
        fleet.submit(source.replace("_", "-") + ".pdf", company=company, year=2024)


def matched(state: State) -> dict[str, tuple[str, str]]:
    return {r.document.source: (r.registered, r.matched_by) for r in state.documents()}


def names(state: State) -> Sequence[str]:
    return [company.name for company in state.registered()]


def test_companies_are_added_and_updated_by_lei_or_name(state: State) -> None:
    assert load(state, f"Acme AG,Acme Cars,Cars,DE,{LEI},12-31,", "Other plc,,,,,,").added == 2
    assert load(state, "Other plc,,,,,,") == Imported(unchanged=1)

    renamed = load(state, f"Acme Mobility SE,Acme AG,Cars,DE,{LEI},03-31,", f"OTHER PLC,,,GB,{OTHER_LEI},,")

    assert renamed == Imported(updated=2)
    first, second = state.registered()
    assert (first.slug, first.name, first.aliases) == ("acme-ag", "Acme Mobility SE", ("Acme AG",))
    assert first.fiscal_year_end == "03-31"
    assert (second.slug, second.name, second.country) == ("other-plc", "OTHER PLC", "GB")


def test_with_a_mistake_nothing_is_imported_and_every_line_is_told(state: State) -> None:
    load(state, f"Acme AG,Acme Cars,,,{LEI},,", "Other plc,,,,,,")

    done = load(state, "Good AG,,,,,,", "Bad,,,XX,,,", "Cars Ltd,Acme Cars,,,,,", f"Other plc,,,,{LEI},,")

    assert [problem.line for problem in done.problems] == [3, 4, 5, 5]
    assert names(state) == ["Acme AG", "Other plc"]


def test_names_may_be_exchanged_in_one_import(state: State) -> None:
    load(state, f"A,,,,{LEI},,", f"B,,,,{OTHER_LEI},,")

    assert load(state, f"New A,B,,,{LEI},,", f"New B,A,,,{OTHER_LEI},,").updated == 2

    assert [company.aliases for company in state.registered()] == [("B",), ("A",)]


def test_a_register_is_read_again_only_where_it_has_changed(
    fleet: LittleFleet, shared_engine: Engine, clock: Clock
) -> None:
    other_engine = open_engine(shared_engine.url.render_as_string(hide_password=False))
    other = open_state(other_engine, clock)  # another process, of whose imports this one hears nothing
    load(fleet.state, "Acme AG,,,,,,")
    submit(fleet, acme="Acme AG")
    with reads_of(shared_engine, "FROM companies") as reads:
        submit(fleet, acme_data="Acme AG", new="New plc")
        assert reads == []
        load(other, "New plc,,,,,,", "Acme AG,Acme Motors,,,,,")
        submit(fleet, acme_report="Acme Motors", newer="New plc")
        fleet.state.company_called("Acme Motors")

    assert len(reads) == 1
    slugs = {source: company for source, (company, _) in matched(fleet.state).items()}
    assert slugs["acme-report.pdf"] == "acme-ag"
    assert slugs["newer.pdf"] == slugs["new.pdf"] == "new-plc"
    other_engine.dispose()


@contextmanager
def reads_of(engine: Engine, what: str) -> Iterator[list[str]]:
    """The statements of an engine that have something in them."""
    found: list[str] = []

    def listen(_: object, _cursor: object, statement: str, *_others: object) -> None:
        found.extend([statement] if what in " ".join(statement.split()) else [])

    sa.event.listen(engine, "before_cursor_execute", listen)
    yield found
    sa.event.remove(engine, "before_cursor_execute", listen)


def test_documents_join_under_the_company_of_the_register(fleet: LittleFleet) -> None:
    submit(fleet, acme="Acme AG", acme_data="ACME Motors")
    fleet.run()
    assert fleet.state.company_years() == []

    done = load(fleet.state, "Acme Aktiengesellschaft,Acme Motors,Cars,DE,,12-31,")

    assert done.moved == 2
    assert fleet.run() == ["score.company"]
    (one,) = fleet.state.company_years()
    assert (one.company, one.slug) == ("Acme Aktiengesellschaft", "acme-aktiengesellschaft")
    assert one.documents == tuple(sorted((ACME, DATA)))
    assert one.key == f"gold/{one.id}"
    (company,) = fleet.state.companies()
    assert (company.name, company.sector, company.documents) == (one.company, "Cars", 2)
    assert {r.document.identity.company for r in fleet.state.documents()} == {"Acme AG", "ACME Motors"}


@pytest.mark.parametrize("name", ["acme-ag", "ACME", "Acme Motors", LEI, LEI.lower(), "acme a.g."])
def test_a_company_is_found_by_any_of_its_names(fleet: LittleFleet, name: str) -> None:
    load(fleet.state, f"Acme AG,Acme Motors,,,{LEI},,")
    submit(fleet, acme="Acme Motors", other="Other plc")
    fleet.run()

    assert [record.document.source for record in fleet.state.documents(name)] == ["acme.pdf"]
    assert [card.registered for card in fleet.state.scorecards(name)] == ["acme-ag"]


def test_a_document_that_comes_later_is_matched_as_it_comes(fleet: LittleFleet) -> None:
    load(fleet.state, "Acme AG,Acme Motors,,,,,", "Guessed plc,,,,,,")
    submit(fleet, acme="Acme AG", acme_data="Acme Motors")
    fleet.submit("guess.pdf")  # whose company is read

    tasks = fleet.run()

    assert tasks.count("score.company") == 1
    assert matched(fleet.state) == {
        "acme.pdf": ("acme-ag", "name"),
        "acme-data.pdf": ("acme-ag", "name"),
        "guess.pdf": ("guessed-plc", "name"),
    }


def test_what_fits_two_companies_fits_none_and_is_listed(fleet: LittleFleet) -> None:
    load(fleet.state, "Merck KGaA,,,,,,", "Merck Inc.,,,,,,")
    submit(fleet, acme="Merck", acme_data="Merck Inc", nobody="Nobody")

    assert [r.document.source for r in fleet.state.unmatched()] == ["acme.pdf", "nobody.pdf"]


def test_the_lei_that_a_document_prints_and_its_host_tell_whose_it_is(fleet: LittleFleet) -> None:
    load(fleet.state, f"Acme AG,,,,{LEI},,acme.example")
    fleet.lei = LEI
    submit(fleet, acme="Quite another name")
    fleet.run()
    fleet.lei = ""
    fleet.submit("https://www.acme.example/data.pdf", company="Data")

    assert matched(fleet.state) == {
        "acme.pdf": ("acme-ag", "lei"),
        "https://www.acme.example/data.pdf": ("acme-ag", "domain"),
    }


def test_a_match_by_hand_wins_and_stays(fleet: LittleFleet) -> None:
    load(fleet.state, "Acme AG,,,,,,", "Other plc,,,,,,")
    submit(fleet, acme="Acme AG", acme_data="Other plc")
    fleet.run()

    assert fleet.state.match(DATA, "acme").matched_by == "hand"
    assert fleet.run() == ["score.company"]
    load(fleet.state, "Other plc,Some alias,,,,,")
    submit(fleet, acme_data="Other plc")
    fleet.run()

    assert matched(fleet.state)["acme-data.pdf"] == ("acme-ag", "hand")
    assert [one.slug for one in fleet.state.company_years()] == ["acme-ag"]
    assert fleet.state.match(DATA, None).registered == "other-plc"
    assert fleet.state.company_years() == []


def test_only_companies_of_the_register_can_be_matched_by_hand(fleet: LittleFleet) -> None:
    load(fleet.state, "Merck KGaA,,,,,,", "Merck Inc.,,,,,,")
    submit(fleet, acme="Merck")

    for name in ("Nobody", "Merck", "Merkc KGaA"):
        with pytest.raises(NotFound, match="esg companies list"):
            fleet.state.match(ACME, name)
    with pytest.raises(NotFound, match="no document"):
        fleet.state.match("0" * 64, "Merck KGaA")


def test_a_company_that_is_renamed_is_judged_anew(fleet: LittleFleet) -> None:
    load(fleet.state, f"Acme AG,,,,{LEI},,")
    submit(fleet, acme="Acme AG", acme_data="Acme AG")
    fleet.run()

    load(fleet.state, f"Acme SE,,,,{LEI},,")

    assert fleet.run() == ["score.company"]
    assert [one.company for one in fleet.state.company_years("Acme SE")] == ["Acme SE"]


def test_without_a_register_nothing_changes(fleet: LittleFleet) -> None:
    submit(fleet, acme="Acme AG", acme_data="ACME  ag")
    fleet.run()

    assert fleet.state.registered() == []
    assert [(r.registered, r.matched_by) for r in fleet.state.documents()] == [("", ""), ("", "")]
    assert [one.slug for one in fleet.state.company_years("acme ag")] == ["acme-ag"]
