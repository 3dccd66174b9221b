"""How wide letters are: the advance widths of Helvetica (Adobe Font Metrics, 1/1000 of the font size).

With them a layout needs no font file, and is the same on every machine; PDFium, which draws it, has the font.
"""

from collections.abc import Mapping
from functools import lru_cache
from unicodedata import east_asian_width, normalize

_LETTERS = "".join(map(chr, range(32, 127))) + (
    "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÆÐ×ØÞßæð÷øþ"
)
_REGULAR = """
    278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
    556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778
    667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556
    556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 556
    222 556 333 1000 556 556 333 1000 667 333 1000 611 222 222 333 333 350 556 1000 333 1000 500 333 944
    500 667 333 556 556 556 556 260 556 333 737 370 556 584 737 333 400 584 333 333 333 556 537 278
    333 333 365 556 834 834 834 611 1000 722 584 778 667 611 889 556 584 611 556
"""
_BOLD = """
    278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556
    556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778
    667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611
    611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 556
    278 556 500 1000 556 556 333 1000 667 333 1000 611 278 278 500 500 350 556 1000 333 1000 556 333 944
    500 667 333 556 556 556 556 280 556 333 737 370 556 584 737 333 400 584 333 333 333 611 556 278
    333 333 365 556 834 834 834 611 1000 722 584 778 667 611 889 611 584 611 611
"""


def _table(widths: str) -> Mapping[str, float]:
    return {letter: int(value) / 1000 for letter, value in zip(_LETTERS, widths.split(), strict=True)}


_WIDTHS = {False: _table(_REGULAR), True: _table(_BOLD)}
_OTHER = 0.6
_WIDE = 1.0
SPACE = 0.278


@lru_cache(maxsize=65_536)
def _advance(letter: str, bold: bool) -> float:
    """The width of a letter; an accent makes none wider."""
    plain = normalize("NFD", letter)[:1]
    for form in (letter, plain):
        if form in _WIDTHS[bold]:
            return _WIDTHS[bold][form]
    return _WIDE if east_asian_width(letter) in "WF" else _OTHER


@lru_cache(maxsize=65_536)
def width(text: str, *, bold: bool = False) -> float:
    """The width of a text at font size 1."""
    return sum(_advance(letter, bold) for letter in text)
