"""A company-year's documents → the order in which they are believed: the specific, then the newer first.

Specific is who gives many figures on few pages: an assurance statement and a data pack more than a report, a
report more than a policy. Documents of about the same density (a factor of four) are ordered
by the day on which they were made, the newest first; one without a date is the oldest. Last their ids decide,
so that the order in which documents arrived never does.
"""

import math
from collections.abc import Sequence

from esg.score.examine import Examined

_FACTOR = 4.0  # between one class of density and the next
_NONE = -99  # below every class


def by_precedence(documents: Sequence[Examined]) -> list[Examined]:
    """Order documents, the most believed first."""
    return sorted(sorted(documents, key=lambda d: d.document.id), key=_rank, reverse=True)


def _rank(one: Examined) -> tuple[int, str]:
    return density(one), one.made_on


def density(one: Examined) -> int:
    """Class of figures a page: 0 from one to below four, -1 below that; the lowest without any."""
    figures = len(one.kpis)
    return math.floor(math.log(figures / len(one.sheets), _FACTOR)) if figures else _NONE
