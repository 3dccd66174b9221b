"""Gold in Iceberg: write, read, keep fit, look."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table

from esg.lake.gold import SCHEMAS
from esg.lake.iceberg import upkeep
from esg.lake.iceberg.catalog import Place, open_catalog, translated
from esg.lake.iceberg.layout import SCORECARDS, load
from esg.lake.iceberg.read import read
from esg.lake.iceberg.write import Writer, read_known
from esg.lake.plan import Plan


class IcebergGold:
    """The tables of one namespace; any number of processes read and write at once.

    Raises Transient for what may work later, Misconfigured for a wrong address or key, NotFound for tables
    that are not there yet.
    """

    def __init__(self, place: Place) -> None:
        """Nothing is opened before it is asked for."""
        self._place = place

    @cached_property
    def _catalog(self) -> Catalog:
        return open_catalog(self._place)

    def write(self, tables: Mapping[str, pa.Table], *, at: datetime, is_all: bool) -> Plan:
        """Make the tables tell of these scorecards as they were at the moment `at`; twice is once.

        With `is_all` no other scorecard is current, and what a view older than this one wrote is taken away.
        The snapshots before keep it.
        """
        with translated(self._place):
            return Writer(self._catalog, self._place.namespace, tables, at=at).write(is_all=is_all)

    def tables(self, *, as_of: datetime | None = None) -> dict[str, pa.Table]:
        """Give gold as it is, or as it was at a moment."""
        with translated(self._place):
            return read(self._catalog, self._place.namespace, as_of=as_of)

    def compact(self) -> int:
        """Join small files; returns how many fewer there are."""
        with translated(self._place):
            return sum(upkeep.compact(table) for table in self._tables())

    def expire(self, before: datetime) -> int:
        """Forget what was said before a moment and is not said now; returns how many files are gone."""
        with translated(self._place):
            return sum(upkeep.expire(table, before) for table in self._tables())

    def probe(self) -> int:
        """Read `scorecards` through and count it; raises what keeps gold from being read."""
        with translated(self._place):
            return len(read_known(load(self._catalog, self._place.namespace, SCORECARDS)))

    def _tables(self) -> Iterator[Table]:
        """Those that are there: a table is made when first something is written to it."""
        for name in SCHEMAS:
            with suppress(NoSuchTableError):
                yield load(self._catalog, self._place.namespace, name)
