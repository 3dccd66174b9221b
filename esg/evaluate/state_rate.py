"""How many stage runs a second a database takes from submission to scorecard, when nothing else is done.

Threads do what a fleet's processes do in SQL: claim a stage run, end it, fill the outbox and empty it.
Their bodies are empty, and hints go through a queue in this process, not through Redis.
"""

import queue
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count

from esg.domain import Document, Identity, MediaType, document_id
from esg.evaluate.sql_tally import Asked, SqlTally
from esg.state import Claimed, Embedded, Hint, Indexed, Ingested, Outcome, Scored, State, flow

HINTS = 100  # a round trip, as tasks/dispatch.py
CHUNKS = 64  # of a batch


@dataclass(slots=True)
class StateRate:
    """`seconds` are of working the stage runs off; what was asked is told by kind and counted in `times`."""

    documents: int
    threads: int
    stage_runs: int = 0
    seconds: float = 0.0
    asked: dict[str, Asked] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return self.stage_runs / self.seconds


def measure(state: State, *, documents: int, batches: int, threads: int, first: int = 0) -> StateRate:
    """Submit documents that each have so many batches, and work them off; nothing else is to be open.

    Documents are numbered from `first`: those of an earlier round stay.
    """
    with closing(SqlTally(state.engine)) as tally:
        return _Rush(state, tally, batches, StateRate(documents, threads), first).run()


class _Rush:
    def __init__(self, state: State, tally: SqlTally, batches: int, found: StateRate, first: int) -> None:
        self._state = state
        self._batches = batches
        self._found = found
        self._documents = range(first, first + found.documents)
        self._tally = tally
        self._hints: queue.Queue[str | None] = queue.Queue()
        self._left = found.documents * (3 + batches)
        self._number = count()

    def run(self) -> StateRate:
        with self._asked(self._found.documents, "submission"):
            for number in self._documents:
                self._state.submit(f"{number}.pdf", document_id=document_id(str(number).encode()))
        started = time.perf_counter()
        with self._asked(self._left, "stage run"), ThreadPoolExecutor(self._found.threads) as pool:
            self._dispatch()
            workers = [pool.submit(self._work, f"bench:{n}") for n in range(self._found.threads)]
            for worker in workers:
                worker.result()
        self._found.seconds = time.perf_counter() - started
        return self._found

    def _work(self, owner: str) -> None:
        """Do stage runs until all are done; the last one wakes those who wait."""
        while (unit := self._hints.get()) is not None:
            claimed = self._state.claim(unit, owner)
            if claimed is None:
                continue
            _, hints = self._state.complete_and_take(claimed, self._outcome(claimed), HINTS)
            self._publish(hints)
            if next(self._number) + 1 == self._left:
                for _ in range(self._found.threads):
                    self._hints.put(None)
        self._found.stage_runs = self._left

    def _dispatch(self) -> None:
        self._state.dispatch()
        self._publish(self._state.take_outbox(HINTS))

    def _publish(self, hints: Sequence[Hint]) -> None:
        while hints:
            self._state.mark_published(hints)
            for hint in hints:
                self._hints.put(hint.unit)
            hints = self._state.take_outbox(HINTS) if len(hints) == HINTS else ()

    def _outcome(self, claimed: Claimed) -> Outcome:
        match claimed.task:
            case flow.INGEST:
                name = str(claimed.document_id)
                identity = Identity(f"Company {name}", 2024, company_guessed=True, year_guessed=True)
                read = Document(name, f"{name}.pdf", MediaType.PDF, 1, identity, pages=60, language="en")
                return Ingested(read, CHUNKS * self._batches, self._batches, guess=identity)
            case flow.EMBED:
                return Embedded(CHUNKS)
            case flow.INDEX:
                return Indexed(CHUNKS * self._batches)
            case _:
                return Scored(f"gold/{claimed.subject}", 2.5, "Established", "f" * 64)

    @contextmanager
    def _asked(self, times: int, what: str) -> Iterator[None]:
        before = self._tally.asked
        yield
        self._found.asked[what] = self._tally.asked - before
        self._found.times[what] = times
