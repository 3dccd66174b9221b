"""The same documents, undisturbed: one process without a broker runs the tasks' bodies in a home of its own.

What it leaves, any run must leave: how each document ended, each scorecard's bytes, the files of gold.
"""

import json
import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from esg import newest
from esg.errors import NotFound
from esg.lake.parquet import ParquetGold
from esg.resources import Resources, resources
from esg.state import Job, Unit
from tests.fakes import work_off


@dataclass(frozen=True, slots=True)
class Submission:
    """A report and whose it is; sent again under its job's id it is the same submission."""

    path: Path
    company: str
    year: int
    job: str

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must not depend on what happened on the way."""

    ends: Mapping[str, str]  # name of a report -> how its job ended, and why
    scorecards: Mapping[str, bytes]  # name -> canonical JSON
    gold: frozenset[str]  # keys of gold's files, which hash what is in them


class QuietRun:
    """This process's own home (`ESG_HOME`); reports are read once, whoever asks for them."""

    def __init__(self, home: Path) -> None:
        os.environ["ESG_HOME"] = str(home)  # what the bodies of the tasks open
        self._resources = resources()

    def work(self, submissions: Sequence[Submission], *, night: str) -> None:
        """Score these, and judge company-years that became whole, as the night does."""
        state = self._resources.state
        for one in submissions:
            state.submit(str(one.path), company=one.company, year=one.year, job_id=one.job)
        work_off.main(limit=100_000)
        state.enqueue(nightly(night))
        work_off.main(limit=100_000)

    def outcome(self, submissions: Sequence[Submission]) -> Outcome:
        """What came of these; gold as if there were no others."""
        companies = {one.company for one in submissions}
        every = newest.tables(self._resources)
        tables = {name: _of(companies, table) for name, table in every.items()}
        with tempfile.TemporaryDirectory(prefix="esg-quiet-gold-") as folder:
            ParquetGold(folder).write(tables, at=datetime.now(UTC), is_all=True)
            return outcome(self._resources, submissions, lake=Path(folder))


def outcome(of: Resources, submissions: Sequence[Submission], *, lake: Path) -> Outcome:
    """Read what a run left, whole or not; `lake` is where its gold is."""
    jobs = dict[str, Job]()
    for one in submissions:
        with suppress(NotFound):
            jobs[one.name] = of.state.job(one.job)
    keys = {name: of.state.scorecard_key(job.document_id or "") for name, job in jobs.items()}
    cards = {name: Path(of.settings.lake, key) for name, key in keys.items() if key}
    return Outcome(
        {name: " ".join(filter(None, (job.state, job.reason_code))) for name, job in jobs.items()},
        {name: card.read_bytes() for name, card in cards.items() if card.exists()},
        announced(lake),
    )


def announced(lake: Path) -> frozenset[str]:
    """The files of gold as it is."""
    newest_entry = log(lake)[-1:]
    return frozenset(key for entry in newest_entry for key in entry)


def log(lake: Path) -> list[frozenset[str]]:
    """The files that each entry of gold's log names, the oldest first (esg/lake/parquet.py)."""
    entries = sorted((lake / "gold" / "log").glob("*.json"))
    named = (json.loads(entry.read_text())["files"].values() for entry in entries)
    return [frozenset(key for keys in files for key in keys) for files in named]


def nightly(call: str) -> Unit:
    return Unit("score.nightly", call, {"call": call}, on_queue="score")


def _of(companies: Collection[str], table: pa.Table) -> pa.Table:
    return table.filter(pc.is_in(table["company"], pa.array(sorted(companies), pa.string())))
