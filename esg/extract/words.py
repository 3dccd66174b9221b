"""The words of a decoded page, made when someone asks for them.

A report has 100,000 words and more, and making them is nine tenths of what reading its pages costs; to score
it again takes those of its quotes alone (docs/adr/a-changed-rubric-reads-silver.md).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, overload

import pyarrow as pa

from esg.domain import Box, Word
from esg.extract.rows import made


def touching(words: Sequence[Word], start: int, end: int) -> Sequence[Word]:
    """The words of a page that are in page.text[start:end], or partly so."""
    if isinstance(words, StoredWords):
        return words.touching(start, end)
    first = bisect_right(words, start, key=attrgetter("end"))
    return words[first : bisect_left(words, end, key=attrgetter("start"))]


class StoredWords(Sequence[Word]):
    """Words that still lie in their columns; equal to a tuple of the same words."""

    def __init__(self, structs: pa.StructArray) -> None:
        self._structs = structs

    @cached_property
    def _columns(self) -> tuple[list[Any], ...]:
        return tuple(column.to_numpy().tolist() for column in self._structs.flatten())

    @cached_property
    def _all(self) -> tuple[Word, ...]:
        return self._made(slice(None))

    def _made(self, place: slice) -> tuple[Word, ...]:
        start, end, *sides = (column[place] for column in self._columns)
        boxes = made(Box, zip(*sides, strict=True))
        return tuple(made(Word, zip(start, end, boxes, strict=True)))

    def touching(self, start: int, end: int) -> tuple[Word, ...]:
        """As the function above; no other word is made."""
        starts, ends, *_ = self._columns
        return self._made(slice(bisect_right(ends, start), bisect_left(starts, end)))

    def __len__(self) -> int:
        return len(self._structs)

    def __iter__(self) -> Iterator[Word]:
        return iter(self._all)

    @overload
    def __getitem__(self, place: int) -> Word: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Word, ...]: ...

    def __getitem__(self, place: int | slice) -> Word | tuple[Word, ...]:
        if isinstance(place, slice):
            return self._made(place)
        start, end, *sides = (column[place] for column in self._columns)
        return Word(start, end, Box(*sides))

    def __eq__(self, other: object) -> bool:
        return self._all == (other._all if isinstance(other, StoredWords) else other)

    def __hash__(self) -> int:
        return hash(self._all)
