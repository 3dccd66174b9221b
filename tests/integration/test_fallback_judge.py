"""A model that is there for one document and away for the next: a card is by one judge, and says whose."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from esg import report
from esg.domain import Document, Identity, Scorecard
from esg.fetch import from_bytes
from esg.pipeline import judge_stored, judge_together, read_into_lake
from esg.resources import Resources, open_resources
from esg.rubric import Rubric
from esg.score import LocalJudge
from esg.settings import Settings

JUDGE, EMBEDDER = "tests.fakes.chats:open_patchy", "tests.fakes.letter_embedder:open_letters"
VALIDATED = "TSP.4.validated"
Open = Callable[..., Resources]


def page(name: str) -> bytes:
    """A document in which two sentences together meet a criterion."""
    return f"""<html><head><title>{name}</title></head><body><h1>{name}</h1>
    <p>Our near-term target covers the scope 1 and 2 emissions of {name}.
    The SBTi validation was granted in May 2024.</p>
    <p>This page is about climate and what we do about it in the year 2024.</p></body></html>""".encode()


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Document]]:
    """A home whose lake has two documents as they were read."""
    home = tmp_path_factory.mktemp("home")
    resources = open_resources(Settings(home=home, embedder=EMBEDDER))
    fetched = [from_bytes(page(name), name=f"{name}.html") for name in ("bakeries", "shops")]
    return home, [read_into_lake(one, resources) for one in fetched]


@pytest.fixture
def opened(tmp_path: Path, read: tuple[Path, list[Document]]) -> Open:
    shutil.copytree(read[0], tmp_path, dirs_exist_ok=True)
    return lambda judge=JUDGE: open_resources(Settings(home=tmp_path, judge=judge, embedder=EMBEDDER))


@pytest.fixture
def documents(read: tuple[Path, list[Document]]) -> list[Document]:
    return read[1]


def met(card: Scorecard) -> bool:
    return next(c.met for theme in card.themes for c in theme.criteria if c.id == VALIDATED)


def test_an_outage_is_told_and_healed_by_scoring_again(
    opened: Open, documents: list[Document], maturity: Rubric
) -> None:
    resources = opened()
    first, second = documents
    there = judge_stored(first, rubric=maturity, resources=resources)

    away = judge_stored(second, rubric=maturity, resources=resources)
    again = judge_stored(second, rubric=maturity, resources=resources)

    assert (met(there), met(away), met(again)) == (True, False, True)
    assert there.versions == again.versions == resources.versions
    assert there.judge_note == again.judge_note == ""
    assert away.versions.judge == LocalJudge.id
    assert away.versions.pipeline == resources.versions.pipeline  # so that the run counts as done
    assert "local-1 judged the whole document" in away.judge_note
    assert away.proposals is None
    assert len({there.trace_id, away.trace_id, again.trace_id}) == 3


def test_a_document_that_was_judged_once_is_the_same_byte_for_byte_whatever_the_model_does(
    opened: Open, documents: list[Document], maturity: Rubric
) -> None:
    cards = []
    for _ in range(3):
        resources = opened()
        card = judge_stored(documents[0], rubric=maturity, resources=resources)
        cards.append(report.canonical_json(card))

    assert len(set(cards)) == 1
    assert b'"kept": 1' in cards[0]


def test_a_company_year_is_judged_by_one_judge(
    opened: Open, documents: list[Document], maturity: Rubric
) -> None:
    """The model answers for the first document only, so the local judge judges both."""
    of_2024 = [_of(d, "Acme", 2024) for d in documents]
    mixed, local = opened(), opened("local")

    card = judge_together("Acme", 2024, of_2024, rubric=maturity, resources=mixed)

    expected = judge_together("Acme", 2024, of_2024, rubric=maturity, resources=local)
    assert card.versions.judge == LocalJudge.id
    assert card.themes == expected.themes
    assert card.evidence == expected.evidence
    assert "judged the whole document" in card.judge_note
    again = judge_together("Acme", 2024, of_2024, rubric=maturity, resources=mixed)
    assert again.versions == mixed.versions
    assert again.judge_note == ""
    assert again.proposals is not None
    assert again.proposals.kept == 2


def _of(document: Document, company: str, year: int) -> Document:
    return replace(document, identity=Identity(company, year))
