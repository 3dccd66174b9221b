"""Documents of one company and year: how to see them judged together is said once for each."""

from dataclasses import replace

from esg.cli.outcome import Outcome
from esg.cli.score import together
from esg.domain import Identity
from tests.fakes.scorecards import scorecard


def outcome(company: str, year: int | None) -> Outcome:
    card = scorecard()
    named = replace(card.document, identity=Identity(company, year))
    return Outcome("report.pdf", "scored", replace(card, document=named))


def test_only_several_documents_of_one_company_and_year_are_named() -> None:
    outcomes = [outcome("Acme", 2024), outcome("Other", 2024), outcome("Acme", 2024), outcome("Acme", 2023)]

    assert together(outcomes) == [
        '2 documents of Acme, 2024, judged together: esg scorecard "Acme" --year 2024'
    ]


def test_nothing_is_said_of_those_without_a_name_a_year_or_a_scorecard() -> None:
    unknown = [outcome("", 2024)] * 2 + [outcome("Acme", None)] * 2
    rejected = [Outcome("report.pdf", "rejected", reason="It is empty.")] * 2

    assert together(unknown + rejected) == []
