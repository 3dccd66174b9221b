"""Themes → one score, its grade and confidence."""

from collections.abc import Sequence

from esg.domain import Overall, ThemeScore
from esg.score.confidence import PLACES, lowered

GRADES = ((1.0, "Nascent"), (2.0, "Emerging"), (3.0, "Established"), (3.6, "Advanced"))  # DESIGN §4


def grade(score: float) -> str:
    return next((name for limit, name in GRADES if score < limit), "Leading")


def overall(themes: Sequence[ThemeScore], *, age_loss: float = 0.0) -> Overall:
    """Take the mean of all themes: what a report does not disclose counts as nothing done.

    An old report may be read well and still say little about the company today: age lowers this confidence.
    """
    score = round(sum(t.level for t in themes) / len(themes), PLACES)
    confidence = sum(t.confidence for t in themes) / len(themes)
    return Overall(score, grade(score), lowered(confidence, age_loss))
