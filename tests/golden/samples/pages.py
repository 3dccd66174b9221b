"""The nouns of a report: pages of bands of items."""

from collections.abc import Sequence
from dataclasses import dataclass

from blocks import Block

Item = str | Block


@dataclass(frozen=True)
class Band:
    """A strip of the page in columns of equal width, filled one after the other to equal height."""

    columns: int
    items: Sequence[Item]


@dataclass(frozen=True)
class Page:
    """One page; `entry` is its line in the contents, `numbering` "" (no label), "roman" or "arabic".

    On a `shuffled` page the columns of a band are drawn last first, as layout programs often do.
    """

    key: str
    section: str
    entry: str
    numbering: str
    bands: Sequence[Band]
    notes: Sequence[str] = ()
    wide: bool = False
    shuffled: bool = False
