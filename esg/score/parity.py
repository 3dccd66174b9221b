"""Whether every quote that a level stands on lies inside the spans that retrieval returned."""

from collections.abc import Sequence

from esg.domain import Parity
from esg.score.facts import Finder
from esg.score.support import Judged
from esg.score.theme import quotes_of


def parity(judged: Sequence[Judged], retrieved: Finder) -> Parity:
    """Check quotes against spans, not documents; a figure outside them stands for no level (facts.py)."""
    quotes = (e for one in judged for e in quotes_of(one))
    outside = {e.id for e in quotes if retrieved.find(e.page, e.start, e.end) is None}
    return Parity(not outside, tuple(sorted(outside)))
