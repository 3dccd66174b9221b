"""The passages of one document → which of them may hold a pattern, and where it stands in one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache, reduce
from operator import or_
from typing import overload

from esg.domain import Hit
from esg.rubric import Cue, Postings, Sieve, Strings, Texts, in_time, letters, numbers
from esg.score.base import Passage, Place

SEPARATOR = "|"  # between the context of a passage and its text, where both are looked at as one
_SEVERAL_RUBRICS = 8  # in as many sets of languages as reports are written in


class Corpus:
    """Numbers the passages, and looks for patterns only in those that have what a pattern needs.

    The same pattern is asked for by many criteria, and the same passage is retrieved for many: what may
    stand where is found once for all of them.
    """

    def __init__(self, passages: Sequence[Passage], patterns: Iterable[Sieve]) -> None:
        """`patterns` are those that will be looked for; any other one is tried everywhere."""
        self.passages = passages
        strings = _strings(frozenset(patterns))
        self.texts = Postings.of([passage.text for passage in passages], strings)
        self._read = cache(lambda number: _read(passages[number].text))
        self._read_whole = cache(lambda number: _read(_whole(passages[number])))
        self._contexts = Postings.of([passage.context for passage in passages], strings)
        self._whole = self._contexts.beside(self.texts, SEPARATOR)
        self._ignored: dict[Sieve, Texts] = {}
        self._having: dict[tuple[Sieve, ...], Texts] = {}

    def likely(self, cue: Cue) -> Texts:
        """Where enough of a cue's patterns may be in the text, and the others in the context."""
        every = (1 << len(self.passages)) - 1
        missing = [every, *[0] * cue.elsewhere]  # by how many patterns are missing so far, at most
        for pattern in cue.patterns:
            here, beside = self.texts.may_match(pattern), self._contexts.may_match(pattern)
            missing = [
                have & here | before & beside for have, before in zip(missing, [0, *missing], strict=False)
            ]
        return reduce(or_, missing)

    def having(self, patterns: tuple[Sieve, ...]) -> Texts:
        """The passages in whose text some pattern may stand."""
        if patterns not in self._having:
            self._having[patterns] = reduce(or_, map(self.texts.may_match, patterns), 0)
        return self._having[patterns]

    def places(self, pattern: Sieve, number: int, year: int | None) -> list[Place]:
        """Where a pattern stands in the text of a passage, in a document of `year`."""
        return [m.span() for m in self._matches(pattern, number) if in_time(m, year)]

    def is_beside(self, pattern: Sieve, number: int, year: int | None) -> bool:
        """Whether a pattern stands in the context of a passage."""
        if not self._contexts.may_match(pattern) >> number & 1:
            return False
        return any(in_time(m, year) for m in pattern.matches(*_read(self.passages[number].context)))

    def is_found(self, pattern: Sieve, number: int) -> bool:
        """Whether a pattern stands in the text of a passage, whatever the years that it names."""
        return any(True for _ in self._matches(pattern, number))

    def rarest_first(self, cue: Cue) -> list[Sieve]:
        """Order a cue's patterns so that the first tells most often that it is not there."""
        return sorted(cue.patterns, key=lambda pattern: self.texts.may_match(pattern).bit_count())

    def ignored(self, patterns: Iterable[Sieve]) -> Texts:
        """The passages in which some pattern is found, or in their context, or across the two."""
        return reduce(or_, map(self._ignored_by, patterns), 0)

    def _ignored_by(self, pattern: Sieve) -> Texts:
        if pattern not in self._ignored:
            likely = numbers(self._whole.may_match(pattern))
            found = (number for number in likely if any(pattern.matches(*self._read_whole(number))))
            self._ignored[pattern] = sum(1 << number for number in found)
        return self._ignored[pattern]

    def _matches(self, pattern: Sieve, number: int) -> Iterable[re.Match[str]]:
        if not self.texts.may_match(pattern) >> number & 1:
            return ()
        return pattern.matches(*self._read(number))


class Retrieved(Sequence[Passage]):
    """Some passages of a corpus, best hit first, each with the hit that brought it."""

    def __init__(self, corpus: Corpus, parts: Iterable[tuple[Hit, Texts]]) -> None:
        self.corpus = corpus
        self._parts = tuple(parts)

    def among(self, texts: Texts) -> Iterator[tuple[int, Passage]]:
        """Those of a set, with their numbers in the corpus."""
        for hit, own in self._parts:
            for number in numbers(own & texts):
                yield number, self.corpus.passages[number]._replace(hit=hit)

    @cached_property
    def _all(self) -> tuple[Passage, ...]:
        return tuple(passage for _, passage in self.among((1 << len(self.corpus.passages)) - 1))

    def __len__(self) -> int:
        return sum(own.bit_count() for _, own in self._parts)

    @overload
    def __getitem__(self, place: int) -> Passage: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Passage, ...]: ...

    def __getitem__(self, place: int | slice) -> Passage | tuple[Passage, ...]:
        return self._all[place]


def retrieved(passages: Sequence[Passage], patterns: Iterable[Sieve]) -> Retrieved:
    """Take passages as they were retrieved; any others make a corpus of their own."""
    if isinstance(passages, Retrieved):
        return passages
    return Retrieved(Corpus(passages, patterns), ((p.hit, 1 << number) for number, p in enumerate(passages)))


def _read(text: str) -> tuple[str, str]:
    """A text and its letters."""
    return text, letters(text)


def _whole(passage: Passage) -> str:
    return f"{passage.context} {SEPARATOR} {passage.text}"


@lru_cache(maxsize=_SEVERAL_RUBRICS)
def _strings(patterns: frozenset[Sieve]) -> Strings:
    return Strings(patterns)
