"""A theme and the passages retrieved for it → where they speak of the theme."""

from collections.abc import Iterator

from esg.rubric import Theme
from esg.score.base import Finding
from esg.score.corpus import Retrieved


def find_topics(theme: Theme, passages: Retrieved) -> Iterator[Finding]:
    """Find the sentences that name what the theme is about, in the order of the passages."""
    for _, passage in passages.among(passages.corpus.having(theme.topic)):
        found = (pattern.search(passage.text) for pattern in theme.topic if not passage.is_row)
        if first := next(filter(None, found), None):
            yield Finding(passage, *first.span(), strength=0.5)
