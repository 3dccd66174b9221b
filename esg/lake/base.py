"""What keeps gold as tables promises; Iceberg does."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

import pyarrow as pa


class Written(Protocol):
    """Scorecards by `trace_id`."""

    @property
    def write(self) -> Collection[str]: ...

    @property
    def gone(self) -> Collection[str]: ...


class GoldTables(Protocol):
    """The tables of SCHEMAS, with what they said before."""

    def write(self, tables: Mapping[str, pa.Table], *, at: datetime, is_all: bool) -> Written:
        """Make them tell of these scorecards as they were at the moment `at`; twice is once.

        With `is_all` no other scorecard is current.
        """

    def tables(self, *, as_of: datetime | None = None) -> dict[str, pa.Table]:
        """Give gold as it is, or as it was at a moment; raises NotFound where there is none."""

    def compact(self) -> int:
        """Join small files; returns how many fewer there are."""

    def expire(self, before: datetime) -> int:
        """Forget what was said before a moment and is not said now; returns how many files are gone."""

    def probe(self) -> int:
        """Count the scorecards; raises what keeps them from being read."""
