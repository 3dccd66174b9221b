"""Gold's tables → Iceberg: the parts of a scorecard first, its row in `scorecards` last, whoever else writes.

A writer killed in between leaves parts that no row of `scorecards` names; whoever writes that scorecard next
replaces them. Two who write the same one end with one: each commit is checked against those before it.
"""

import logging
import random
import time
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import CommitFailedException, ValidationException
from pyiceberg.expressions import In, Reference
from pyiceberg.table import Table

from esg.errors import Transient
from esg.lake.iceberg.layout import CHILDREN, SCORECARDS, columns, ensure
from esg.lake.plan import Known, Plan, contents, plan
from esg.lake.rows import of, ordered

log = logging.getLogger(__name__)

_TRIES = 30  # of a writer among six: each time somebody else has got through
_LONGEST_WAIT_SECONDS = 2.0
CONFLICTS = (CommitFailedException, ValidationException)


class Writer:
    """Writes what was current at one moment."""

    def __init__(
        self, catalog: Catalog, namespace: str, tables: Mapping[str, pa.Table], *, at: datetime
    ) -> None:
        self._catalog = catalog
        self._namespace = namespace
        self._tables = tables
        self._at = at
        self._contents = contents(tables)
        self._parts_for: dict[str, Known | None] = {}  # parts written, and what was known of them then

    def write(self, *, is_all: bool) -> Plan:
        """Write what is new or changed, take away what is gone; raises Transient when others keep winning."""
        for attempt in range(_TRIES):
            scorecards = ensure(self._catalog, self._namespace, SCORECARDS)
            known = read_known(scorecards)
            due = plan(self._contents, known, at=self._at, now=datetime.now(UTC), is_all=is_all)
            if not due.write and not due.gone:
                return due
            self._write_parts(due, known)
            try:
                self._announce(scorecards, due)
            except CONFLICTS:
                wait(attempt)
                continue
            self._remove_parts(due.gone)
            return due
        raise Transient("Gold could not be written: others kept writing it.", retry_after_seconds=5)

    def _write_parts(self, due: Plan, known: Mapping[str, Known]) -> None:
        """Write the rows of all tables but `scorecards`, once for what is known of a scorecard."""
        names = {n for n in due.write if n not in self._parts_for or self._parts_for[n] != known.get(n)}
        if names:
            for table in CHILDREN:
                self._replace(table, names, ordered(of(self._tables[table], names)))
            self._parts_for |= {name: known.get(name) for name in names}

    def _announce(self, scorecards: Table, due: Plan) -> None:
        """Commit the rows of `scorecards`, unless anyone has since they were read."""
        rows = ordered(of(self._tables[SCORECARDS], due.write))
        stamped = rows.append_column(
            "written_at", pa.array([self._at] * len(rows), pa.timestamp("us", tz="UTC"))
        )
        hashes = [self._contents[name] for name in rows["trace_id"].to_pylist()]
        stamped = stamped.append_column("content", pa.array(hashes, pa.string()))
        _overwrite(scorecards, stamped.cast(columns(SCORECARDS)), due.write | due.gone)

    def _remove_parts(self, gone: Collection[str]) -> None:
        """Drop the rows of scorecards that are no longer told of, if that is still so."""
        if not gone:
            return
        names = set(gone) - set(read_known(ensure(self._catalog, self._namespace, SCORECARDS)))
        for table in CHILDREN:
            self._replace(table, names, self._tables[table].slice(0, 0))

    def _replace(self, name: str, trace_ids: Collection[str], rows: pa.Table) -> None:
        for attempt in range(_TRIES):
            try:
                _overwrite(ensure(self._catalog, self._namespace, name), rows, trace_ids)
            except CONFLICTS:
                wait(attempt)
            else:
                return
        raise Transient(f"The table {name} could not be written: others kept writing it.")


def read_known(scorecards: Table) -> dict[str, Known]:
    found = scorecards.scan(selected_fields=("trace_id", "content", "written_at")).to_arrow().to_pylist()
    return {row["trace_id"]: Known(row["content"], row["written_at"]) for row in found}


def wait(attempt: int) -> None:
    """Let others through, each for a time of its own."""
    time.sleep(random.uniform(0, min(_LONGEST_WAIT_SECONDS, 0.1 * 2**attempt)))  # noqa: S311  # nosec B311  # no secret


@contextmanager
def nothing_deleted() -> Iterator[None]:
    """Most of what is overwritten was not there before; pyiceberg warns of each."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Delete operation did not match any records")
        yield


@contextmanager
def _one_table() -> Iterator[None]:
    """Two who make a table at once may both be told they did; whose table is gone must look again."""
    try:
        yield
    except ValueError as error:  # pyiceberg's own word for it
        if "UUID does not match" not in str(error):
            raise
        raise CommitFailedException(str(error)) from error


def _overwrite(table: Table, rows: pa.Table, trace_ids: Collection[str]) -> None:
    if trace_ids:
        with _one_table(), nothing_deleted():
            table.overwrite(rows, overwrite_filter=In(term=Reference("trace_id"), literals=set(trace_ids)))
