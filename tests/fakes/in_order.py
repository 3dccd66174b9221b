"""What `esg.kpi.boxes` takes for granted of a page, whatever made it."""

from itertools import pairwise

from esg.domain import Page


def words_ascend(page: Page) -> bool:
    """Whether the page has words, and neither their starts nor their ends go back."""
    steps = pairwise(page.words)
    return len(page.words) > 0 and all(a.start <= b.start and a.end <= b.end for a, b in steps)
