"""texts → how often each term is in each; counted once, kept, and asked by any query."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from esg.chunk import codec
from esg.retrieve.terms import terms

VERSION = "1"  # of everything that decides what a term is; a change counts anew and scores again

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Of the term `terms[i]` the rows from starts[i] to starts[i + 1] say in which texts, and how often."""

    terms: tuple[str, ...]
    starts: Numbers
    places: Numbers  # of the texts, ascending for each term
    times: Numbers


def count(texts: Sequence[str]) -> TermCounts:
    """Count the terms of every text; places are positions in `texts`."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, text in enumerate(texts):
        for term, times in Counter(terms(text)).items():
            found.setdefault(term, []).append((place, times))
    rows = np.array([*chain.from_iterable(found.values())], np.int64).reshape(-1, 2)
    starts = np.array([0, *accumulate(map(len, found.values()))], np.int64)
    return TermCounts(tuple(found), starts, rows[:, 0].copy(), rows[:, 1].copy())


def encode(counts: TermCounts) -> bytes:
    """Write counts as one Parquet file, a row for each term."""
    starts = pa.array(counts.starts, pa.int32())
    columns = {
        "term": pa.array(counts.terms, pa.string()),
        "places": pa.ListArray.from_arrays(starts, pa.array(counts.places, pa.int32())),
        "times": pa.ListArray.from_arrays(starts, pa.array(counts.times, pa.int32())),
    }
    return codec.write(pa.table(columns))


def decode(data: bytes) -> TermCounts:
    """Read what `encode` wrote; raises ValueError or OSError for anything else."""
    table = codec.read(data).combine_chunks()
    if table.column_names != ["term", "places", "times"]:
        raise ValueError(f"no counts of terms: the columns are {table.column_names}")
    ends = np.cumsum(table["places"].combine_chunks().value_lengths().to_numpy(zero_copy_only=False))
    return TermCounts(
        terms=tuple(table["term"].to_pylist()),
        starts=np.concatenate([[0], ends]).astype(np.int64),
        places=_numbers(table["places"]),
        times=_numbers(table["times"]),
    )


def _numbers(lists: pa.ChunkedArray) -> Numbers:
    return np.asarray(lists.combine_chunks().flatten(), np.int64)
