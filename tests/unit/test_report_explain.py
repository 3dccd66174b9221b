"""A scorecard explains itself: each theme's paragraph, and the quotes it rests on."""

import io
from dataclasses import replace

from rich.console import Console

from esg.domain import Scorecard
from esg.report import print_explanations
from tests.fakes.scorecards import scorecard


def explained(card: Scorecard) -> str:
    stream = io.StringIO()
    print_explanations(Console(file=stream, width=200, color_system=None), card)
    return stream.getvalue()


def test_each_theme_is_explained_by_its_own_paragraph_and_quotes() -> None:
    card = scorecard()
    text = explained(card)
    for theme in card.themes:
        assert theme.rationale in text
    first = card.themes[0]
    cited = {e.id: e for e in card.evidence}
    for key in first.evidence[:3]:
        assert f"“{' '.join(cited[key].quote.split())}” p. {cited[key].page}" in text
        assert key in text


def test_hostile_words_neither_colour_nor_move_the_cursor() -> None:
    card = scorecard()
    evil = replace(card.themes[0], rationale="Level 1: \x1b[2J [bold]now[/]")
    text = explained(replace(card, themes=(evil,)))
    assert "\x1b[2J" not in text
    assert "␛[2J [bold]now[/]" in text
