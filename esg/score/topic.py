"""A theme and a passage → where it speaks of the theme."""

from esg.rubric import Theme
from esg.score.base import Finding, Passage


def find_topic(theme: Theme, passage: Passage) -> Finding | None:
    """Find where a sentence names what the theme is about."""
    if passage.is_row:
        return None
    found = next((m for pattern in theme.topic if (m := pattern.search(passage.text))), None)
    return found and Finding(passage, found.start(), found.end(), strength=0.5)
