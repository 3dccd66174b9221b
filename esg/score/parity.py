"""Whether every quote that a level stands on lies inside the spans that retrieval returned."""

from collections.abc import Sequence

from esg.domain import Parity
from esg.score.facts import Finder
from esg.score.support import Support


def parity(supports: Sequence[Support], retrieved: Finder) -> Parity:
    """Check quotes against spans, not documents; a figure outside them stands for no level (facts.py)."""
    outside = {e.id for s in supports for e in s.quotes if retrieved.find(e.page, e.start, e.end) is None}
    return Parity(not outside, tuple(sorted(outside)))
