"""Many documents' vectors in memory, found by small integers and ranked exactly.

Each vector is kept twice: as steps of the grid (16 bits a value), which is all that it is, and as 8-bit
codes with a scale. A search multiplies the codes, a quarter of the vectors' own bytes, and ranks exactly
what may be among the k nearest by how far codes can mislead:

    v = s·c + r,  q = t·d + u   ⇒   |v·q - s·t·(c·d)| ≤ |r| + (1 + |r|)·|u|    (Cauchy-Schwarz; lengths of 1)

So the answer is that of an exact search, whatever the vectors are; vectors that codes cannot tell apart
cost time. Among equals the chunk ids decide, as in every store: each vector has the beginning of its own
here, so that of a text which hundreds of documents share only the first few are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import simsimd
from numpy.typing import NDArray

from esg.domain import Vectors
from esg.embed.cache import Vector
from esg.embed.cosine import Grid, cosines, on_grid
from esg.embed.unit import GRID

BLOCK = 1 << 17  # vectors whose codes lie in one piece
STEPS = 127  # of a code to either side
_SLACK = 1e-4  # a length that is not quite 1, 32-bit products, and the rounding of cosines
_NO_STEPS = np.empty((0, 0), np.int16)
_NO_NAMES = np.empty(0, np.uint64)
_NO_PLACES = np.empty(0, np.int32)
_NAME_BYTES = 8
_EXACT = 20_000  # vectors of the wanted documents that are ranked without looking at codes


class Place(NamedTuple):
    """A vector: its document and its row there."""

    document_id: str
    row: int


Ranked = tuple[Place, float]  # and its cosine with what was searched


@dataclass(slots=True)
class _Block:
    """`rows` vectors of room for BLOCK; `owners` names their documents by number, -1 where one is gone."""

    dimensions: int
    rows: int = 0
    off: float = 0.0  # the longest |r|
    steps: NDArray[np.int16] = field(init=False)
    codes: NDArray[np.int8] = field(init=False)
    scales: NDArray[np.float32] = field(init=False)
    owners: NDArray[np.int32] = field(init=False)
    places: NDArray[np.int32] = field(init=False)
    names: NDArray[np.uint64] = field(init=False)  # as `_names` makes them of chunk ids

    def __post_init__(self) -> None:
        self.steps = np.empty((BLOCK, self.dimensions), np.int16)
        self.codes = np.empty((BLOCK, self.dimensions), np.int8)
        self.scales = np.empty(BLOCK, np.float32)
        self.owners = np.empty(BLOCK, np.int32)
        self.places = np.empty(BLOCK, np.int32)
        self.names = np.empty(BLOCK, np.uint64)

    def add(self, steps: NDArray[np.int16], names: NDArray[np.uint64], owner: int, first: int) -> slice:
        """Take as many rows as there is room for."""
        taken = steps[: BLOCK - self.rows]
        where = slice(self.rows, self.rows + len(taken))
        codes, scales, off = _coded(taken)
        self.steps[where], self.codes[where], self.scales[where] = taken, codes, scales
        self.owners[where] = owner
        self.names[where] = names[: len(taken)]
        self.places[where] = np.arange(first, first + len(taken))
        self.rows += len(taken)
        self.off = max(self.off, off)
        return where

    def nearness(self, query: "_Query") -> NDArray[np.float32]:
        """Cosines by codes alone; nothing is nearer than -2, which is where rows lie that are gone."""
        dots = np.asarray(simsimd.cdist(query.codes, self.codes[: self.rows], metric="inner"))[0]
        near: NDArray[np.float32] = dots.astype(np.float32) * self.scales[: self.rows] * query.scale
        near[self.owners[: self.rows] < 0] = -2.0
        return near


@dataclass(frozen=True, slots=True)
class _Query:
    grid: Grid
    codes: NDArray[np.int8]
    scale: np.float32
    off: float  # |u|

    @classmethod
    def of(cls, vector: Vector) -> "_Query":
        steps = _steps(vector[None, :])
        codes, scales, off = _coded(steps)
        return cls(on_grid(vector[None, :]), codes, scales[0], off)

    def slack(self, off: float) -> float:
        """How far codes may mislead about a vector whose own are `off`."""
        return off + (1 + off) * self.off + _SLACK


class Columns:
    """Documents by id. One thread changes it at a time; others may search meanwhile."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._blocks: list[_Block] = []
        self._numbers: list[str] = []  # documents by number; one that was replaced has a new number
        self._where: dict[str, list[tuple[_Block, slice]]] = {}
        self.gone = 0  # rows whose room is not used any more

    def __len__(self) -> int:
        return sum(block.rows for block in self._blocks) - self.gone

    @property
    def bytes(self) -> int:
        """Of all blocks, full or not."""
        arrays = ("steps", "codes", "scales", "owners", "places", "names")
        return sum(getattr(block, name).nbytes for block in self._blocks for name in arrays)

    def put(self, document_id: str, vectors: Vectors, chunk_ids: Sequence[str]) -> None:
        """Add a document, or replace it; there is an id for each vector."""
        self.drop(document_id)
        self._put_steps(document_id, _steps(vectors), _names(chunk_ids))

    def _put_steps(self, document_id: str, steps: NDArray[np.int16], names: NDArray[np.uint64]) -> None:
        number = len(self._numbers)
        self._numbers.append(document_id)
        self._where[document_id] = list(self._added(steps, names, number))

    def drop(self, document_id: str) -> None:
        """Forget a document; its room is not used again before all is packed."""
        for block, where in self._where.pop(document_id, ()):
            block.owners[where] = -1
            self.gone += where.stop - where.start

    def packed(self) -> "Columns":
        """The same without the room of what is gone."""
        made = Columns(self._dimensions)
        for document_id, parts in self._where.items():
            steps = np.concatenate([block.steps[where] for block, where in parts] or [_NO_STEPS])
            names = np.concatenate([block.names[where] for block, where in parts] or [_NO_NAMES])
            made._put_steps(document_id, steps, names)
        return made

    def nearest(self, vector: Vector, *, documents: Sequence[str] | None = None, k: int) -> list[Ranked]:
        """The k nearest of some or all documents, best first, and what their chunk ids' beginnings cannot
        tell from the last of them.
        """
        if k < 1 or not self._blocks:
            return []
        query = _Query.of(vector)
        wanted = None if documents is None else [name for name in documents if name in self._where]
        if wanted is not None and self._rows_of(wanted) <= _EXACT:
            rows = [
                (block, np.arange(where.start, where.stop))
                for name in wanted
                for block, where in self._where.get(name, ())
            ]
        else:
            rows = list(self._candidates(query, wanted, k))
        return self._ranked(query, rows, k)

    def _added(
        self, steps: NDArray[np.int16], names: NDArray[np.uint64], number: int
    ) -> Iterator[tuple[_Block, slice]]:
        first = 0
        while first < len(steps):
            if not self._blocks or self._blocks[-1].rows == BLOCK:
                self._blocks.append(_Block(self._dimensions))
            where = self._blocks[-1].add(steps[first:], names[first:], number, first)
            yield self._blocks[-1], where
            first += where.stop - where.start

    def _rows_of(self, documents: Sequence[str]) -> int:
        return sum(where.stop - where.start for name in documents for _, where in self._where.get(name, ()))

    def _candidates(
        self, query: _Query, wanted: Sequence[str] | None, k: int
    ) -> Iterator[tuple[_Block, NDArray[np.int64]]]:
        """The rows that may be among the k nearest, whatever their codes hide."""
        found = [(block, block.nearness(query)) for block in self._blocks]
        if wanted is not None:
            for block, near in found:
                near[~self._is_wanted(wanted)[block.owners[: len(near)]]] = -2.0
        best = np.concatenate([_top(near - query.slack(block.off), k) for block, near in found])
        edge = max(float(_top(best, k).min()), -1.5)
        for block, near in found:
            yield block, np.flatnonzero(near >= edge - query.slack(block.off))

    def _is_wanted(self, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """By number; the last one, which -1 leads to, is of no document."""
        chosen = set(wanted)
        return np.array([name in chosen for name in self._numbers] + [False])

    def _ranked(
        self, query: _Query, rows: Sequence[tuple[_Block, NDArray[np.int64]]], k: int
    ) -> list[Ranked]:
        owners, own, names = [_NO_PLACES], [_NO_PLACES], [_NO_NAMES]
        nearness = [np.empty(0)]
        for block, some in rows:
            chosen = some[block.owners[some] >= 0]  # without what was dropped meanwhile
            nearness.append(cosines(query.grid, on_steps(block.steps[chosen]))[0])
            owners.append(block.owners[chosen])
            own.append(block.places[chosen])
            names.append(block.names[chosen])
        scores = np.concatenate(nearness)
        numbers, places = np.concatenate(owners), np.concatenate(own)
        return [
            (Place(self._numbers[numbers[i]], int(places[i])), float(scores[i]))
            for i in _first(scores, np.concatenate(names), k)
        ]


def _first(scores: NDArray[np.float64], names: NDArray[np.uint64], k: int) -> list[int]:
    """Where the k largest are, the largest first; of those that equal the last of these, the first by name,
    and all that have the name of the last of them.
    """
    chosen = np.array(top(scores, k), np.int64)
    if len(chosen) <= k:
        return list(chosen)
    is_last = scores[chosen] == scores[chosen[-1]]
    above, last = chosen[~is_last], chosen[is_last]
    edge = np.partition(names[last], k - len(above) - 1)[k - len(above) - 1]
    return [*above, *last[names[last] <= edge]]


def top(scores: NDArray[np.float64], k: int) -> list[int]:
    """Where the k largest are, the largest first, and all that equal the last of these."""
    edge = _top(scores, k).min(initial=np.inf)
    chosen = np.flatnonzero(scores >= edge)
    order: list[int] = chosen[np.argsort(-scores[chosen], kind="stable")].tolist()
    return order


def on_steps(steps: NDArray[np.int16]) -> Grid:
    """The same as `on_grid` of the vectors that the steps are of."""
    values = steps.astype(np.float64)
    return Grid(values, np.sqrt((values * values).sum(axis=1)))


def _names(chunk_ids: Sequence[str]) -> NDArray[np.uint64]:
    """The first bytes of ids as numbers that are in the ids' order, as far as they differ."""
    bytes_ = b"".join(name.encode()[:_NAME_BYTES].ljust(_NAME_BYTES, b"\0") for name in chunk_ids)
    return np.frombuffer(bytes_, ">u8").astype(np.uint64)


def _steps(vectors: Vectors) -> NDArray[np.int16]:
    return np.rint(vectors.astype(np.float64) * GRID).astype(np.int16)


def _coded(steps: NDArray[np.int16]) -> tuple[NDArray[np.int8], NDArray[np.float32], float]:
    """Codes, the scale of each row, and how far the worst row is from what its codes say; in lengths of 1."""
    values = steps.astype(np.float32) / GRID
    scales = np.maximum(np.abs(values).max(axis=1, initial=0.0), np.float32(1 / GRID)) / STEPS
    codes = np.rint(values / scales[:, None])
    off = values - codes * scales[:, None]
    return (
        codes.astype(np.int8),
        scales.astype(np.float32),
        float(np.sqrt((off * off).sum(axis=1).max(initial=0.0))),
    )


def _top(values: NDArray[np.floating], k: int) -> NDArray[np.floating]:
    """The k largest, in no order."""
    return values if len(values) <= k else np.partition(values, len(values) - k)[-k:]
