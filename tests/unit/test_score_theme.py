"""A theme's quotes: each is named once, whatever it speaks for."""

from dataclasses import replace

from esg.rubric import load
from esg.score.status import readability, sheets
from esg.score.support import Judged, Support
from esg.score.theme import score_theme
from tests.fakes.scorecards import evidence


def test_a_quote_that_speaks_for_a_higher_criterion_and_of_the_theme_is_named_once(make_page) -> None:
    rubric = load("maturity")
    theme = rubric.themes[0]
    first, second, third = (
        replace(evidence("scopes"), id=name, page=page, start=start, end=start + 9)
        for name, page, start in (("a" * 16, 1, 0), ("b" * 16, 2, 0), ("c" * 16, 3, 0))
    )
    supports = [
        Support(c, met=True, quotes=(first if c.level == 1 else second,))
        if c.level in (1, 4)
        else Support(c, met=False)
        for c in theme.criteria
    ]
    readable = readability(sheets([make_page("We write of our targets at length here. " * 3, 1)]), rubric)

    judged = Judged(theme, tuple(supports), (replace(second), third))
    scored = score_theme(judged, readable, loss=0.0, notes=[])

    assert scored.level == 1
    assert scored.evidence == (first.id, second.id, third.id)
