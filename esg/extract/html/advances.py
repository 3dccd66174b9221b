"""How wide letters are: the advance widths of Helvetica (Adobe Font Metrics, 1/1000 of the font size).

With them a layout needs no font file, and is the same on every machine.
"""

from functools import lru_cache
from unicodedata import east_asian_width

_ASCII = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 "  # space to slash
    "556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "  # digits to ?
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 "
    "667 611 278 278 278 469 556 "  # @ to _
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 "
    "500 334 260 334 584"  # ` to ~
)
_WIDTHS = {chr(32 + at): int(width) / 1000 for at, width in enumerate(_ASCII.split())}
_OTHER = 0.6
_WIDE = 1.0


@lru_cache(maxsize=65_536)
def _advance(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    return _WIDE if east_asian_width(letter) in "WF" else _OTHER


@lru_cache(maxsize=65_536)
def width(text: str) -> float:
    """The width of a text at font size 1."""
    return sum(map(_advance, text))


SPACE = _WIDTHS[" "]
