"""A theme and a passage → whether it speaks of the theme, and whether it may be evidence for it."""

from esg.rubric import Theme
from esg.score.base import Finding, Passage
from esg.score.quotable import is_quotable


def is_ignored(theme: Theme, passage: Passage) -> bool:
    """Whether the theme leaves out such passages: indexes, tables of contents, the assurer's own words."""
    text = f"{passage.context} | {passage.text}"
    return any(pattern.search(text) for pattern in theme.ignore)


def find_topic(theme: Theme, passage: Passage) -> Finding | None:
    """Find where a sentence names what the theme is about."""
    if passage.is_row or not is_quotable(passage):
        return None
    found = next((m for pattern in theme.topic if (m := pattern.search(passage.text))), None)
    return found and Finding(passage, found.start(), found.end(), strength=0.5)
