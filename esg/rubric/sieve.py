"""A pattern that is tried only where it may match.

Four of five searches find nothing for want of letters that the pattern needs, and to look for these costs a
quarter of a search (docs/adr/a-changed-rubric-reads-silver.md).
"""

import re
import sys
from collections.abc import Iterable
from functools import lru_cache

from esg.rubric.needed import ANY, needed

_ALIKE = "İıſ"  # i and s to a pattern blind to case, and not so to `lower`
_PLAIN = str.maketrans(_ALIKE, "iis")
_SEVERAL_RUBRICS = 8192  # patterns; a changed rubric shares most of them with the one before


class Sieve:
    """Finds what the pattern finds, and spends little on texts that lack the letters it needs."""

    __slots__ = ("_others", "_rarest", "needs", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.needs = needed(pattern.pattern)
        self._rarest, *self._others = self.needs or (ANY,)

    def search(self, text: str) -> re.Match[str] | None:
        return self.pattern.search(text) if self.may_match(letters(text)) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterable[re.Match[str]]:
        return self.pattern.finditer(text, start, end) if self.may_match(letters(text)) else ()

    def may_match(self, text_letters: str) -> bool:
        """Whether the `letters` of a text have what the pattern needs."""
        has = text_letters.__contains__
        return any(map(has, self._rarest)) and all(any(map(has, choice)) for choice in self._others)


@lru_cache(maxsize=_SEVERAL_RUBRICS)
def sieve(pattern: re.Pattern[str]) -> Sieve:
    """Give the one sieve of a pattern."""
    return Sieve(pattern)


def letters(text: str) -> str:
    """Lower a text as a pattern does that is blind to case."""
    if not text.isascii() and any(map(text.__contains__, _ALIKE)):
        text = text.translate(_PLAIN)
    return text.lower()


def any_found(sieves: Iterable[Sieve], text: str) -> bool:
    """Whether one of several patterns is found."""
    text_letters = letters(text)
    return any(one.pattern.search(text) for one in sieves if one.may_match(text_letters))
