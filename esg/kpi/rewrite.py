"""A text with some places put otherwise → the new text, and where each place of one is in the other."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Term(NamedTuple):
    """A place in a text and what to write there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """`places` are the terms as they stand in the new text.

    A place within a term counts as the term's beginning or end.
    """

    text: str
    places: tuple[Term, ...]
    _begins: Sequence[int]  # by place in the old text, in the new one
    _ends: Sequence[int]
    _starts: Sequence[int]  # by place in the new text, in the old one
    _stops: Sequence[int]

    def here(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the old text is in the new one."""
        begin = self._begins[start]
        return begin, max(begin, self._ends[end])

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the new text is in the old one."""
        return self._starts[start], self._stops[end]


def rewrite(text: str, terms: Iterable[Term]) -> Rewritten:
    """Write a text with its terms, in order and apart, and a blank where two words would run together."""
    writer = _Writer(len(text))
    at = 0
    for term in terms:
        writer.keep(text[at : term.start], at)
        writer.put(term)
        at = term.end
    writer.keep(text[at:], at)
    return writer.done()


@dataclass
class _Writer:
    length: int  # of the old text
    parts: list[str] = field(default_factory=list)
    places: list[Term] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=lambda: [0])

    def __post_init__(self) -> None:
        self.begins, self.ends = [0] * (self.length + 1), [0] * (self.length + 1)

    def keep(self, piece: str, at: int) -> None:
        """Write a piece of the old text that begins at a place."""
        self._part(piece, at)
        here, end = len(self.starts), at + len(piece)
        self.begins[at:end] = range(here, here + len(piece))
        self.ends[at + 1 : end + 1] = range(here + 1, here + len(piece) + 1)
        self._write(piece, range(at, end), range(at + 1, end + 1))

    def put(self, term: Term) -> None:
        """Write a term for what it stands for."""
        self._part(term.text, term.start)
        here, size = len(self.starts), term.end - term.start
        self.begins[term.start : term.end] = [here] * size
        self.ends[term.start + 1 : term.end + 1] = [here + len(term.text)] * size
        self.places.append(Term(here, here + len(term.text), term.text))
        self._write(term.text, [term.start] * len(term.text), [term.end] * len(term.text))

    def done(self) -> Rewritten:
        self.begins[self.length] = len(self.starts)
        self.starts.append(self.length)
        found = (self.begins, self.ends, self.starts, self.stops)
        packed = (array("I", places) for places in found)  # kept for every page of a document
        return Rewritten("".join(self.parts), tuple(self.places), *packed)

    def _part(self, piece: str, at: int) -> None:
        """Put a blank before a piece that would run together with what is written."""
        if piece[:1].isalnum() and self.parts and self.parts[-1][-1].isalnum():
            self._write(" ", [at], [at])

    def _write(self, piece: str, starts: Iterable[int], stops: Iterable[int]) -> None:
        if piece:
            self.parts.append(piece)
            self.starts.extend(starts)
            self.stops.extend(stops)
