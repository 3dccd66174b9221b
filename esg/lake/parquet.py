"""Gold in plain Parquet files: what is kept where no Iceberg catalog is set.

    gold/tables/v1/kpis/year=2023/<content>.parquet     written once, named by its bytes
    gold/log/00000042.json                              the files and scorecards of the 42nd time

Whoever creates the next entry of the log has written; another one looks again. In S3 two who create one at
the same moment both think they did (PyArrow has no conditional PUT): one's view stays, whole, for a night.
"""

import bisect
import hashlib
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from esg.errors import Misconfigured, Transient
from esg.lake.gold import SCHEMAS, VERSION
from esg.lake.plan import Known, Plan, contents, plan
from esg.lake.rows import not_of, of, ordered, shaped
from esg.objects import Objects, open_objects

_LOG = "gold/log"
_TRIES = 30
_BY = "year"  # of the report; as Hive has it, the folder's name holds it and the file does not
_NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # the name Hive and DuckDB know


@dataclass(frozen=True, slots=True)
class _Entry:
    """One time that gold was written."""

    number: int
    version: str
    made: datetime
    known: Mapping[str, Known] = field(default_factory=dict)
    files: Mapping[str, Sequence[str]] = field(default_factory=dict)  # table -> keys

    def encode(self) -> bytes:
        known = {name: [was.content, was.written_at.isoformat()] for name, was in self.known.items()}
        return json.dumps(asdict(self) | {"made": self.made.isoformat(), "known": known}).encode()

    @classmethod
    def decode(cls, data: bytes) -> "_Entry":
        read = json.loads(data)
        known = {name: Known(of, datetime.fromisoformat(at)) for name, (of, at) in read["known"].items()}
        return cls(**read | {"made": datetime.fromisoformat(read["made"]), "known": known})

    @property
    def keys(self) -> set[str]:
        return {key for keys in self.files.values() for key in keys}


_NOTHING = _Entry(0, "0", datetime.min.replace(tzinfo=UTC))


class ParquetGold:
    """The tables of one lake; raises NotFound for what is not there, Transient for what may work later."""

    def __init__(self, root_url: str) -> None:
        """Nothing is opened before it is asked for."""
        self._root_url = root_url

    @cached_property
    def _objects(self) -> Objects:
        return open_objects(self._root_url)

    def write(self, tables: Mapping[str, pa.Table], *, at: datetime, is_all: bool) -> Plan:
        """Make the tables tell of these scorecards as they were at the moment `at`; twice is once."""
        fresh = contents(tables)
        for attempt in range(_TRIES):
            last = self._last() or _NOTHING
            if int(last.version) > int(VERSION):
                raise Misconfigured(
                    f"Gold in the lake is of version {last.version}, this esg writes {VERSION}.",
                    next_step="Start this worker again from the newer version.",
                )
            due = plan(fresh, last.known, at=at, now=datetime.now(UTC), is_all=is_all)
            if (not due.write and not due.gone) or self._announce(last, tables, due, fresh, at):
                return due
            time.sleep(random.uniform(0, 0.05 * (attempt + 1)))  # noqa: S311  # nosec B311  # no secret
        raise Transient("Gold could not be written: others kept writing it.", retry_after_seconds=5)

    def tables(self, *, as_of: datetime | None = None) -> dict[str, pa.Table]:
        """Give gold as it is, or as it was at a moment."""
        entry = self._last() if as_of is None else self._at(as_of)
        if entry is None:
            raise not_of(as_of)
        return {name: ordered(self._rows(entry, name)) for name in SCHEMAS}

    def compact(self) -> int:
        """Do nothing: the rows of a year are one file."""
        return 0

    def expire(self, before: datetime) -> int:
        """Forget what was said before a moment and is not said now; returns how many files are gone."""
        numbers = self._numbers()
        first_kept = max(0, self._made_by(numbers, before) - 1)  # what was said at that moment stays
        old = [self._entry(number) for number in numbers[:first_kept]]
        kept = {key for number in numbers[first_kept:] for key in self._entry(number).keys}
        gone = {key for entry in old for key in entry.keys} - kept
        for key in [*(_key(entry.number) for entry in old), *gone]:  # a key of the log first: none may dangle
            self._objects.delete(key)
        return len(gone)

    def probe(self) -> int:
        """Count the scorecards; raises what keeps gold from being read."""
        return int(self.tables()["scorecards"].num_rows)

    def _announce(
        self, last: _Entry, tables: Mapping[str, pa.Table], due: Plan, fresh: Mapping[str, str], at: datetime
    ) -> bool:
        """Write the files, then the entry that names them; says whether nobody else was before."""
        over = due.write | due.gone
        files: dict[str, bytes] = {}
        named = {}
        for name in SCHEMAS:
            stays = self._rows(last, name)
            rows = pa.concat_tables([of(stays, set(last.known) - over), of(tables[name], due.write)])
            written = dict(_partitions(name, ordered(shaped(rows, name))))
            named[name] = sorted(written)
            files |= written
        known = {name: was for name, was in last.known.items() if name not in over}
        known |= {name: Known(fresh[name], at) for name in due.write}
        self._put(files)
        entry = _Entry(last.number + 1, VERSION, datetime.now(UTC), known, named)
        is_ours = self._objects.create(_key(entry.number), entry.encode())
        if is_ours:
            self._put(files)  # what one who forgot the same bytes as old has taken away meanwhile
        return is_ours

    def _put(self, files: Mapping[str, bytes]) -> None:
        for key, data in files.items():
            self._objects.create(key, data)

    def _rows(self, entry: _Entry, name: str) -> pa.Table:
        read = [_read(key, self._objects.read(key)) for key in entry.files.get(name, ())]
        return pa.concat_tables([shaped(rows, name) for rows in read] or [SCHEMAS[name].empty_table()])

    def _numbers(self) -> list[int]:
        names = (key.rpartition("/")[2].removesuffix(".json") for key in self._objects.keys(_LOG))
        return [int(name) for name in names if name.isdigit()]

    def _entry(self, number: int) -> _Entry:
        return _Entry.decode(self._objects.read(_key(number)))

    def _last(self) -> _Entry | None:
        numbers = self._numbers()
        return self._entry(numbers[-1]) if numbers else None

    def _at(self, moment: datetime) -> _Entry | None:
        numbers = self._numbers()
        made = self._made_by(numbers, moment)
        return self._entry(numbers[made - 1]) if made else None

    def _made_by(self, numbers: Sequence[int], moment: datetime) -> int:
        """Count the entries that had been made by a moment."""
        return bisect.bisect_right(numbers, moment, key=lambda number: self._entry(number).made)


def _partitions(name: str, rows: pa.Table) -> Iterator[tuple[str, bytes]]:
    """Give a file for each year of the report."""
    for year in pc.unique(rows[_BY]).to_pylist():
        part = rows.filter(pc.is_null(rows[_BY]) if year is None else pc.equal(rows[_BY], year))
        sink = pa.BufferOutputStream()
        pq.write_table(part.drop_columns([_BY]), sink, compression="zstd")
        data = sink.getvalue().to_pybytes()
        content = hashlib.sha256(data).hexdigest()[:16]
        folder = f"gold/tables/v{VERSION}/{name}/{_BY}={_NO_YEAR if year is None else year}"
        yield f"{folder}/{content}.parquet", data


def _read(key: str, data: bytes) -> pa.Table:
    rows = pq.read_table(pa.BufferReader(data))
    year = key.rpartition("/")[0].rpartition(f"/{_BY}=")[2]
    value = None if year == _NO_YEAR else int(year)
    return rows.append_column(_BY, pa.array([value] * len(rows), pa.int64()))


def _key(number: int) -> str:
    return f"{_LOG}/{number:08d}.json"
