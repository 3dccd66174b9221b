"""Documents → when each stage of each is done: queues, workers and shared processors, event by event.

What it knows of the fleet: a document's stages follow each other, its batches run side by side, queues
serve runs in turn, a worker has one stage run at a time, the first one of a process loads its models, and
between two stage runs pass some milliseconds (a hint through Redis, a claim in SQL). What it does not:
failures, the API, uploads.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

try:
    import simpy
except ModuleNotFoundError as error:
    from esg.errors import Misconfigured

    raise Misconfigured(
        "Simulating needs simpy, which is not installed.",
        next_step="Install it: pip install 'esg-engine[simulation]'",
    ) from error

from esg.capacity.processors import Processors
from esg.capacity.recorded import ROLES

Event = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True)
class Work:
    """What a document asks of each role, in processor seconds; of embed one number for each batch."""

    ingest: float
    embed: tuple[float, ...]
    index: float
    score: float
    language: str = ""

    def seconds(self, role: str) -> float:
        return sum(self.embed) if role == "embed" else float(getattr(self, role))


@dataclass(frozen=True, slots=True)
class Shape:
    """A fleet: processors that all its workers share, and processes of each role."""

    processors: int
    workers: Mapping[str, int]
    embed_threads: int
    gap: float  # seconds between two stage runs of a process
    warm_up: Mapping[str, float] = field(default_factory=dict)  # processor seconds of the first of a kind

    def threads(self, role: str) -> int:
        return self.embed_threads if role == "embed" else 1


@dataclass(slots=True)
class Simulated:
    """`finished` in the order of the documents, seconds from the start; `busy` is of a role's processes."""

    finished: list[float]
    busy: dict[str, float]
    processor_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        return max(self.finished, default=0.0)


class _Unit(NamedTuple):
    turn: int  # its place in the round-robin over documents
    number: int  # breaks ties by arrival
    document: int
    batch: int


def simulate(works: Sequence[Work], shape: Shape) -> Simulated:
    """Run documents that are all there at the start through the fleet."""
    return _Fleet(works, shape).run()


class _Fleet:
    def __init__(self, works: Sequence[Work], shape: Shape) -> None:
        self._works = works
        self._shape = shape
        self._environment = simpy.Environment()
        most = sum(count * shape.threads(role) for role, count in shape.workers.items())
        self._processors = Processors(self._environment, shape.processors, most=most)
        self._queues = {role: simpy.PriorityStore(self._environment) for role in ROLES}
        self._served = dict.fromkeys(ROLES, 0)
        self._units = 0
        self._batches_left = [len(work.embed) for work in works]
        self._result = Simulated([0.0] * len(works), dict.fromkeys(ROLES, 0.0))

    def run(self) -> Simulated:
        for document in range(len(self._works)):
            self._open("ingest", document)
        for role, count in self._shape.workers.items():
            for _ in range(count):
                self._environment.process(self._worker(role))
        self._environment.run()
        self._result.processor_seconds = self._processors.busy_seconds
        return self._result

    def _open(self, role: str, document: int, batches: int = 1) -> None:
        """Put a document's stage runs in the round after the one that is served (esg/state/stage_runs.py)."""
        for batch in range(batches):
            self._units += 1
            self._queues[role].put(_Unit(self._served[role] + 1 + batch, self._units, document, batch))

    def _worker(self, role: str) -> Event:
        known: set[str] = set()  # what this process has loaded
        while True:
            unit = yield self._queues[role].get()
            self._served[role] = max(self._served[role], unit.turn)
            began = self._environment.now
            yield self._environment.timeout(self._shape.gap)
            yield self._processors.work(self._seconds(role, unit, known), self._shape.threads(role))
            self._result.busy[role] += self._environment.now - began
            self._close(role, unit.document)

    def _seconds(self, role: str, unit: _Unit, known: set[str]) -> float:
        work = self._works[unit.document]
        seconds = work.embed[unit.batch] if role == "embed" else work.seconds(role)
        kind = work.language if role == "score" else ""
        if kind not in known:
            known.add(kind)
            seconds += self._shape.warm_up.get(role, 0.0)
        return seconds

    def _close(self, role: str, document: int) -> None:
        """Open what follows; of embed when its last batch is done."""
        batches = len(self._works[document].embed)
        match role:
            case "ingest" if batches:
                self._open("embed", document, batches)
            case "embed":
                self._batches_left[document] -= 1
                if not self._batches_left[document]:
                    self._open("index", document)
            case "ingest":
                self._open("index", document)
            case "index":
                self._open("score", document)
            case _:
                self._result.finished[document] = self._environment.now
