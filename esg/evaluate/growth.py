"""How time and memory grow with the number of documents: each size in a fresh home and a fresh process.

What is done for a document once and does not look at others is left out: reading the file, embedding,
judging. Its results are copies of one report's (esg/evaluate/copies.py). State, lake, vector store and gold
are the real ones, in the order of the fleet's tasks, one stage run after the other in this process; hints
are taken from the outbox as a dispatcher takes them, and not sent.
"""

import hashlib
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from esg.evaluate.copies import Original, company
from esg.evaluate.memory import peak_mib
from esg.evaluate.sql_tally import Asked, SqlTally
from esg.register import Line, RegisteredCompany, slug
from esg.report import canonical_json
from esg.resources import Resources
from esg.state import Claimed, Embedded, Indexed, Ingested, Outcome, Scored, flow

OWNER = "bench:1"
Tables = Callable[[Resources], Mapping[str, pa.Table]]
HINTS = 100  # a round trip, as tasks/dispatch.py
LISTED = 50
SUBMISSION = "submission"


@dataclass(slots=True)
class Grown:
    """One size: seconds of each part, what each kind of step asked of SQL, memory of the process."""

    documents: int
    seconds: dict[str, float] = field(default_factory=dict)
    sql: dict[str, Asked] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)  # that each kind of asking was done
    memory_mib: dict[str, float] = field(default_factory=dict)

    @property
    def sql_seconds(self) -> float:
        return sum(asked.seconds for asked in self.sql.values())


def grow(original: Original, resources: Resources, *, documents: int, tables: Tables) -> Grown:
    """Bring so many documents from submission to gold, and look at lists when all are there.

    `tables` lays out as gold what is known (esg/newest.py).
    """
    work = _Work(original, resources, Grown(documents))
    work.time("register", lambda: work.register(documents))
    work.time("flow", lambda: work.flow(documents))
    work.time("lists", work.lists)
    work.time("night", lambda: work.night(tables))
    return work.found


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of seconds over sizes, both as logarithms: 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


class _Work:
    def __init__(self, original: Original, resources: Resources, found: Grown) -> None:
        self._original = original
        self._resources = resources
        self._state = resources.state
        self._tally = SqlTally(self._state.engine)
        self._numbers: dict[str, int] = {}  # of copies, by document
        self._hints: deque[str] = deque()
        self.found = found

    def time(self, name: str, act: Callable[[], None]) -> None:
        started = time.perf_counter()
        act()
        self.found.seconds[name] = time.perf_counter() - started
        self.found.memory_mib[name] = peak_mib()

    def register(self, documents: int) -> None:
        """Import the companies that the documents are of: each document is matched to them."""
        names = dict.fromkeys(map(company, range(documents)))
        found = [RegisteredCompany(slug(name), name) for name in names]
        with self._asked("register"):
            self._state.import_companies([Line(place, one) for place, one in enumerate(found, start=2)])

    def flow(self, documents: int) -> None:
        """Submit them all, then work off what the outbox names, filling it again after each stage run."""
        for number in range(documents):
            self._submit(number)
        while self._hints:
            unit = self._hints.popleft()
            with self._asked("claim and end"):
                claimed = self._state.claim(unit, OWNER)
            if claimed is not None:
                outcome = self._body(claimed)
                with self._asked("claim and end"):
                    self._state.complete(claimed, outcome)
            self._publish()

    def lists(self) -> None:
        """What a person opens: newest jobs and documents, companies, the state of the fleet, one company."""
        state = self._state
        asks: Sequence[Callable[[], object]] = (
            lambda: state.list_jobs(LISTED),
            lambda: state.list_documents(LISTED),
            lambda: state.documents("Company 0"),
            lambda: state.scorecards("Company 0"),
            lambda: state.company_years("Company 0"),
            state.backlog,
            state.stage_counts,
        )
        for ask in asks:
            with self._asked("lists"):
                ask()

    def night(self, tables: Tables) -> None:
        """What runs once for all documents: what is unscored, and the tables of gold."""
        with self._asked("night"):
            self._state.unscored()
            found = tables(self._resources)
        self._resources.gold.write(found, at=datetime.now(UTC), is_all=True)

    def _submit(self, number: int) -> None:
        copy = self._original.copy(number)
        name = self._resources.lake.put_original(copy.fetched)
        self._numbers[name] = number
        identity = copy.document.identity
        with self._asked(SUBMISSION):
            self._state.submit(
                copy.fetched.source, document_id=name, company=identity.company, year=identity.year
            )
        self._publish()

    def _publish(self) -> None:
        """Fill the outbox and empty it, as every process does after a stage run (tasks/dispatch.py)."""
        with self._asked("outbox"):
            self._state.dispatch()
            while hints := self._state.take_outbox(HINTS):
                self._state.mark_published(hints)
                self._hints.extend(hint.unit for hint in hints)

    def _body(self, claimed: Claimed) -> Outcome:
        """Do what the task does, but for reading, embedding and judging."""
        name = str(claimed.document_id)
        copy = self._original.copy(self._numbers[name])
        lake = self._resources.lake
        size = self._resources.settings.embed_batch_chunks
        match claimed.task:
            case flow.INGEST:
                lake.original(name)
                lake.save_extraction(name, copy.extraction)
                lake.save_chunks(name, copy.chunks)
                batches = math.ceil(len(lake.chunks(name)) / size)
                return Ingested(copy.document, len(copy.chunks), batches, guess=copy.extraction.identity)
            case flow.EMBED:
                number = int(str(claimed.args["batch"]))
                part = lake.chunks(name)[number * size : (number + 1) * size]
                rows = copy.vectors[number * size : (number + 1) * size]
                lake.save_vectors(name, number, [c.id for c in part], rows)
                return Embedded(len(part))
            case flow.INDEX:
                chunks = lake.chunks(name)
                self._resources.store.upsert(name, chunks, lake.vectors(name, chunks))
                return Indexed(len(chunks))
            case _:
                lake.extraction(name)
                lake.vectors(name, lake.chunks(name))
                key = lake.save_scorecard(copy.scorecard)
                sha256 = hashlib.sha256(canonical_json(copy.scorecard)).hexdigest()
                overall = copy.scorecard.overall
                return Scored(key, overall.score, overall.grade, sha256)

    @contextmanager
    def _asked(self, what: str) -> Iterator[None]:
        """Count what is asked of SQL meanwhile, under a name."""
        before = self._tally.asked
        yield
        self.found.sql[what] = self.found.sql.get(what, Asked()) + (self._tally.asked - before)
        self.found.times[what] = self.found.times.get(what, 0) + 1
