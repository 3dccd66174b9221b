"""A pattern that is tried only where it may match.

Four of five searches find nothing for want of letters that the pattern needs, and to look for these costs a
quarter of a search; the others are tried where a match may begin (docs/adr/a-changed-rubric-reads-silver.md).
"""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache

from esg.rubric.beginnings import beginnings
from esg.rubric.needed import ANY, needed

_ALIKE = "İıſ"  # i and s to a pattern blind to case, and not so to `lower`
_PLAIN = str.maketrans(_ALIKE, "iis")
_SEVERAL_RUBRICS = 8192  # patterns; a changed rubric shares most of them with the one before


class Sieve:
    """Finds what the pattern finds, and spends little on texts that lack the letters it needs."""

    __slots__ = ("_beginnings", "_others", "_rarest", "needs", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.needs = needed(pattern.pattern)
        self._rarest, *self._others = self.needs or (ANY,)
        self._beginnings = beginnings(pattern.pattern)

    def search(self, text: str) -> re.Match[str] | None:
        return next(iter(self.finditer(text)), None)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterable[re.Match[str]]:
        text_letters = letters(text)
        return self.matches(text, text_letters, start, end) if self.may_match(text_letters) else ()

    def matches(
        self, text: str, text_letters: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterable[re.Match[str]]:
        """As `finditer`, for whoever knows the `letters` of a text, and that they have what is needed."""
        if not self._beginnings:
            return self.pattern.finditer(text, start, end)
        return self._from_beginnings(text, text_letters, start, end)

    def _from_beginnings(self, text: str, text_letters: str, start: int, end: int) -> Iterator[re.Match[str]]:
        for place in sorted(_places(self._beginnings, text_letters, start, end)):
            if place >= start and (match := self.pattern.match(text, place, end)):
                yield match
                start = match.end()

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
    return any(any(one.matches(text, text_letters)) for one in sieves if one.may_match(text_letters))


def _places(strings: Iterable[str], text_letters: str, start: int, end: int) -> list[int]:
    """Where one of some strings begins in a text; most of them are not there."""
    find = text_letters.find
    places = []
    for string in strings:
        place = find(string, start, end)
        while place >= 0:
            places.append(place)
            place = find(string, place + 1, end)
    return places
