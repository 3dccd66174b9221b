"""What tags and what print say of a page's figures → one list: of a tagged figure the tag's word counts."""

import re
from collections.abc import Sequence

from esg.kpi import lexicon
from esg.kpi.figure import INTENSITY, Figure, agree
from esg.kpi.tagged import Told, flagged


def joined(tagged: Sequence[Figure], denied: Sequence[Told], printed: Sequence[Figure]) -> list[Figure]:
    """Both kinds of readings, each figure once: a tag's is flagged where the print's is another.

    What a tag denies is not read from the print either.
    """
    said = [Told(t.quote, t.raw_value, lexicon.entry_of(t.key), t.year) for t in tagged]
    alone = [p for p in printed if not any(_is_same(one, p) for one in (*said, *denied))]
    checked = [
        flagged(t) if any(_is_same(one, p) and not agree(t.value, p.value) for p in printed) else t
        for t, one in zip(tagged, said, strict=True)
    ]
    return [*checked, *alone]


def _is_same(one: Told, printed: Figure) -> bool:
    """Whether a tag and a reading of the print are of one printed figure."""
    quote, place = printed.quote, one.place
    overlap = quote.page == place.page and quote.start < place.end and place.start < quote.end
    is_one = _bare(one.raw_value) == _bare(printed.raw_value) and one.year in (printed.year, None)
    is_tagged = printed.key != INTENSITY  # no tag is read as one
    return overlap and is_one and is_tagged and one.entry is lexicon.entry_of(printed.key)


def _bare(raw: str) -> str:
    """The digits of a printed figure and what parts them."""
    return re.sub(r"[^\d.,]", "", raw).strip(".,")
