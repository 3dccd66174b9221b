"""Read whole documents only, while others replace them."""

import time
from collections.abc import Iterable, Iterator, Mapping

from esg.embed.cache import Vector
from esg.errors import Misconfigured, Transient
from esg.index.cassandra.documents import Documents, Visible
from esg.index.cassandra.rows import Row, Rows

_ATTEMPTS = 8
_CLOCKS_DIFFER_SECONDS = 5.0  # at most, among the cluster's nodes and this machine


def read(documents: Documents, rows: Rows | None, names: Iterable[str]) -> Iterator[tuple[str, list[Row]]]:
    """Give the rows of those of the documents that are there.

    A generation that was replaced is removed row by row: one of which rows are missing is read as what it is
    now. Raises Transient when it changes faster than it can be read, Misconfigured when its rows were lost.
    """
    wanted, visible = list(dict.fromkeys(names)), dict[str, Visible]()
    for _ in range(_ATTEMPTS):
        before, visible = visible, documents.find(wanted)
        found = _rows(rows, visible)
        wanted = [name for name in visible if len(found[name]) != visible[name].generation.chunks]
        yield from ((name, found[name]) for name in visible if name not in wanted)
        if not wanted:
            return
        if all(visible[name] == before.get(name) for name in wanted):
            raise Misconfigured(
                f"Cassandra has lost rows of {len(wanted)} documents, one of them {wanted[0]}.",
                next_step="Fill it again from the lake: esg index",
            )
    raise _restless()


def _rows(rows: Rows | None, visible: Mapping[str, Visible]) -> dict[str, list[Row]]:
    filled = {name: found.generation.id for name, found in visible.items() if found.generation.chunks}
    empty: dict[str, list[Row]] = {name: [] for name in visible}
    return empty | rows.read(filled) if rows and filled else empty


def nearest(documents: Documents, rows: Rows, vector: Vector, *, limit: int) -> list[Row]:
    """Give those of the `limit` nearest rows that may be read.

    The index knows rows that are still being written, too, and those removed since its last compaction. A
    document that became whole since the index was asked may have been seen by half, so the index is asked
    again, until the documents of its answer were whole before. Raises Transient when they change faster.
    """
    visible: dict[str, Visible] = {}
    for _ in range(_ATTEMPTS):
        asked_at = time.time()
        found = rows.nearest(vector, limit=limit)
        before, visible = visible, documents.find({row.document for row in found})
        if all(_was_whole(visible[name], before.get(name), asked_at) for name in visible):
            return [row for row in found if _is_visible(row, visible)]
    raise _restless()


def _was_whole(now: Visible, before: Visible | None, asked_at: float) -> bool:
    return now == before or now.since_seconds < asked_at - _CLOCKS_DIFFER_SECONDS


def _is_visible(row: Row, visible: Mapping[str, Visible]) -> bool:
    return row.document in visible and visible[row.document].generation.id == row.generation


def _restless() -> Transient:
    return Transient("The vectors changed each time they were read.", retry_after_seconds=1.0)
