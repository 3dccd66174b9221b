"""Patterns → the strings that they need, all looked for at once in a word."""

from collections.abc import Iterable
from functools import lru_cache

from esg.rubric.needed import Choice
from esg.rubric.sieve import Sieve, letters

_WORDS = 1 << 16  # remembered: reports share most of theirs


class Strings:
    """The strings of which some patterns need some."""

    def __init__(self, sieves: Iterable[Sieve]) -> None:
        needs = (string for sieve in sieves for choice in sieve.needs for string in choice)
        self._strings = frozenset(filter(_tells, needs))
        self._lengths: dict[str, set[int]] = {}  # by first letter
        for string in self._strings:
            self._lengths.setdefault(string[0], set()).add(len(string))
        self.within = lru_cache(maxsize=_WORDS)(self._within)

    def knows(self, choice: Choice) -> bool:
        """Whether a text that has one of these strings has it in a word, where `within` finds it."""
        return self._strings.issuperset(choice)

    def _within(self, word: str) -> frozenset[str]:
        """Give the strings that the letters of a word hold."""
        plain = letters(word)
        parts = (
            plain[start : start + length]
            for start, letter in enumerate(plain)
            for length in self._lengths.get(letter, ())
        )
        return self._strings.intersection(parts)


def _tells(string: str) -> bool:
    """Whether to look for a string: one with a blank is in no word, and a lone letter is in most."""
    return string.split() == [string] and not (len(string) == 1 and string.isalnum())
