"""A scorecard and its pages → what does not hold, read back without the code that wrote it."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from esg.domain import Box, Evidence, Page, Scorecard

_SLACK = 1.0  # points by which a box may pass the page's edge: rounding and bleed


def verify(scorecard: Scorecard, pages: Iterable[Page]) -> list[str]:
    """Check every quote against the pages; an empty list means that all is verbatim and in place.

    Of a company-year these are the pages of all its documents; only the cited ones are held.
    """
    cited = {e.place for e in scorecard.evidence}
    places = (((page.document_id, page.number), page) for page in pages)
    by_place = {place: page for place, page in places if place in cited}
    found = [problem for e in scorecard.evidence for problem in _evidence(e, by_place.get(e.place))]
    return found + list(_references(scorecard)) + list(_levels(scorecard))


def _evidence(evidence: Evidence, page: Page | None) -> Iterator[str]:
    if page is None:
        yield f"evidence {evidence.id}: there is no page {evidence.page}"
        return
    if page.text[evidence.start : evidence.end] != evidence.quote:
        yield f"evidence {evidence.id}: page {evidence.page} does not read so at its offsets"
    if sha256(evidence.quote.encode()).hexdigest() != evidence.sha256:
        yield f"evidence {evidence.id}: its hash is another text's"
    if _in_running_line(evidence, page):
        yield f"evidence {evidence.id}: it quotes a running header or footer"
    if not all(_on_page(box, page) for box in evidence.boxes):
        yield f"evidence {evidence.id}: a box lies outside page {evidence.page}"
    if not evidence.boxes and page.words:
        yield f"evidence {evidence.id}: it has no box"


def _on_page(box: Box, page: Page) -> bool:
    left, top, right, bottom = box
    return min(left, top) >= -_SLACK and right <= page.width + _SLACK and bottom <= page.height + _SLACK


def _in_running_line(evidence: Evidence, page: Page) -> bool:
    running = [b for b in page.blocks if b.kind.is_running]
    return any(b.start < evidence.end and evidence.start < b.end for b in running)


def _references(scorecard: Scorecard) -> Iterator[str]:
    known = {e.id for e in scorecard.evidence}
    named = {
        *(i for t in scorecard.themes for i in t.evidence),
        *(i for t in scorecard.themes for c in t.criteria for i in c.evidence),
        *(k.evidence for k in scorecard.kpis),
        *(c.evidence for c in scorecard.claims),
        *(i for _, lines in scorecard.frameworks for line in lines for i in line.evidence),
        *(s.evidence for c in scorecard.contradictions for s in (c.chosen, *c.others)),
    }
    yield from (f"evidence {i} is named but not there" for i in sorted(named - known))


def _levels(scorecard: Scorecard) -> Iterator[str]:
    """A level above 0 stands on two quotes at least (DESIGN §4)."""
    for theme in scorecard.themes:
        if theme.level > 0 and len(theme.evidence) < 2:
            yield f"theme {theme.code}: level {theme.level} stands on {len(theme.evidence)} quote"
