"""Hidden words of a document: nobody can quote them, and every report tells how many there are and where."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rich.console import Console

from esg.domain import Document, Hidden, Page, Scorecard, Versions
from esg.report import canonical_json, from_dict, print_scorecards, to_html, validate
from esg.rubric import Rubric
from esg.score import LocalJudge, score
from tests.conftest import MakePage
from tests.fakes.scorecards import scorecard

TOLD = "1,340 letters that no reader of the pages sees (p. 2, 7) were not read"


def hiding() -> Scorecard:
    card = scorecard()
    return replace(card, document=replace(card.document, hidden=(Hidden(2, 1300), Hidden(7, 40))))


def test_a_scorecard_says_on_which_pages_its_document_hides_letters(
    make_page: MakePage, make_document: Callable[..., Document], make_retriever: Any, maturity: Rubric
) -> None:
    pages: list[Page] = [make_page("We report.", 1), replace(make_page("Water is saved.", 2), hidden=12)]

    card = score(
        make_document(pages=2),
        pages,
        make_retriever(pages),
        rubric=maturity,
        judge=LocalJudge(),
        versions=Versions("test", "none", "test"),
    )

    assert card.document.hidden == (Hidden(2, 12),)


def test_json_tells_it_only_where_there_is_something_to_tell() -> None:
    data = json.loads(canonical_json(hiding()))

    validate(data)
    assert data["document"]["hidden_text"] == [{"page": 2, "letters": 1300}, {"page": 7, "letters": 40}]
    assert from_dict(data).document == hiding().document
    assert "hidden_text" not in json.loads(canonical_json(scorecard()))["document"]


def test_pages_and_terminal_tell_it() -> None:
    stream = io.StringIO()
    print_scorecards(Console(file=stream, width=140), [hiding()])

    assert TOLD in to_html(hiding())
    assert TOLD in stream.getvalue()
    assert "no reader of the pages sees" not in to_html(scorecard())
