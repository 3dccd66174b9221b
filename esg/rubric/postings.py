"""Texts → which of them may match a pattern, from the words that they hold.

The strings that a pattern needs are looked up in an inverted index, as code search does (Cox 2012, "Regular
Expression Matching with a Trigram Index"), and all texts are told at once.
"""

from collections.abc import Iterator, Mapping, Sequence

from esg.rubric.needed import Choice
from esg.rubric.sieve import Sieve
from esg.rubric.strings import Strings

Texts = int  # a set of texts: bit n is set for the text of number n


class Postings:
    """Knows the texts that hold each string that may be asked for."""

    def __init__(self, strings: Strings, every: Texts, holding: Mapping[str, Texts]) -> None:
        self._strings, self._every, self._holding = strings, every, holding
        self._found: dict[Sieve, Texts] = {}

    @classmethod
    def of(cls, texts: Sequence[str], strings: Strings) -> "Postings":
        """Index texts by their number in the sequence."""
        holding: dict[str, Texts] = {}
        for word, those in _by_word(texts).items():
            for string in strings.within(word):
                holding[string] = holding.get(string, 0) | those
        return cls(strings, (1 << len(texts)) - 1, holding)

    def beside(self, other: "Postings", separator: str) -> "Postings":
        """Index the texts of both laid side by side, with a separator between blanks."""
        holding = {**self._holding, **other._holding}
        for string in self._holding.keys() & other._holding.keys():
            holding[string] = self._holding[string] | other._holding[string]
        holding |= dict.fromkeys(self._strings.within(separator), self._every)
        return Postings(self._strings, self._every, holding)

    def may_match(self, sieve: Sieve) -> Texts:
        """Give the texts that have what a pattern needs; all others do not match it."""
        if sieve not in self._found:
            texts = self._every
            for choice in sieve.needs:
                texts &= self._having(choice)
            self._found[sieve] = texts
        return self._found[sieve]

    def _having(self, choice: Choice) -> Texts:
        if not self._strings.knows(choice):
            return self._every
        texts, holding = 0, self._holding.get
        for string in choice:
            texts |= holding(string, 0)
        return texts


def numbers(texts: Texts) -> Iterator[int]:
    """List a set of texts, in ascending order."""
    while texts:
        lowest = texts & -texts
        yield lowest.bit_length() - 1
        texts ^= lowest


def _by_word(texts: Sequence[str]) -> dict[str, Texts]:
    alike: dict[str, Texts] = {}
    for number, text in enumerate(texts):
        alike[text] = alike.get(text, 0) | 1 << number
    words: dict[str, Texts] = {}
    for text, those in alike.items():
        for word in text.split():
            words[word] = words.get(word, 0) | those
    return words
