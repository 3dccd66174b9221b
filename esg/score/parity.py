"""Whether every quote that a level stands on lies inside the spans that retrieval returned."""

from collections.abc import Mapping, Sequence

from esg.domain import Evidence, Parity
from esg.score.facts import Finder
from esg.score.support import Judged
from esg.score.theme import quotes_of


def parity(judged: Sequence[Judged], retrieved: Mapping[str, Finder]) -> Parity:
    """Check quotes against spans of their document; a figure outside them stands for no level (facts.py)."""
    quotes = (e for one in judged for e in quotes_of(one))
    outside = {e.id for e in quotes if not _is_inside(e, retrieved.get(e.document_id))}
    return Parity(not outside, tuple(sorted(outside)))


def _is_inside(quote: Evidence, retrieved: Finder | None) -> bool:
    return retrieved is not None and retrieved.find(quote.page, quote.start, quote.end) is not None
