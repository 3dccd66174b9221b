"""A whole fleet to be disturbed: every role, two beats, and the servers below it, which can be killed, too.

sqlite     the embedded parts: SQLite, a Redis that the workers themselves start again
postgres   PostgreSQL and Redis as servers of their own, started again by the fault that ends them
"""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis

from esg import broker
from tests.chaos.clock import Clock
from tests.fakes.fleets import Fleet, Worker
from tests.servers import postgres
from tests.servers import redis as redis_server
from tests.servers.server import Server

DATABASES = ("sqlite", "postgres")
ROLES = ("control", "ingest", "embed", "index", "score", "beat-1", "beat-2")
QUEUES = ("control", "ingest", "embed", "index", "score")
SETTINGS = {
    "ESG_EMBED_BATCH_CHUNKS": "2",  # several batches a document: fan-out, and a fan-in to get wrong
    "ESG_MAX_LOST_WORKERS": "1000",  # the faults are not the documents' fault: none may be set aside for them
    "ESG_MAX_RETRIES": "1000",
    "ESG_TEST_CLOCK_SECONDS": "1",
}
SCHEDULE = """
[gold]
every_seconds = 5
jitter_seconds = 0
"""
OTHERS = ("nightly", "sources", "retention", "compact", "expire")  # called by the round itself, or not at all


@dataclass(frozen=True, slots=True)
class Arena:
    """What faults strike; `servers` has the broker's and the database's, where they are not embedded."""

    database: str
    fleet: Fleet
    clock: Clock
    servers: dict[str, Server]

    def wait(self, seconds: float) -> None:
        """Let it work, and start again what has died, as a supervisor does."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.fleet.supervise()
            time.sleep(min(0.1, left))

    @property
    def workers(self) -> Sequence[Worker]:
        """Those that run, in their order."""
        return [worker for worker in self.fleet.workers.values() if worker.is_running]

    def trees(self) -> list[psutil.Process]:
        """Every process of the fleet: parents before their children."""
        return [process for worker in self.workers for process in tree(worker.process.pid)]

    @contextmanager
    def without_beats(self) -> Iterator[None]:
        """Let nothing be fired for a while."""
        beats = [worker for name, worker in self.fleet.workers.items() if name.startswith("beat")]
        try:
            for beat in beats:
                beat.process.send_signal(signal.SIGSTOP)
            yield
        finally:
            for beat in beats:
                beat.process.send_signal(signal.SIGCONT)

    @contextmanager
    def broker(self) -> Iterator[redis.Redis]:
        """A client of the broker as it is now; raises RedisError where there is none."""
        client = broker.connect(broker.ensure(self.fleet.settings), retries=0)
        try:
            yield client
        finally:
            client.close()


def tree(pid: int) -> list[psutil.Process]:
    """A process and those below it; none where it is gone."""
    try:
        leader = psutil.Process(pid)
        return [leader, *leader.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


@contextmanager
def arena(folder: Path, *, database: str, roles: Sequence[str] = ROLES) -> Iterator[Arena]:
    """Start the fleet and what it needs in an empty folder, and leave nothing behind."""
    home = folder / "home"
    home.mkdir(parents=True)
    schedule = folder / "schedule.toml"
    schedule.write_text("\n".join([SCHEDULE, *(f"[{name}]\nis_on = false" for name in OTHERS)]))
    clock = Clock.begin(folder)
    with ExitStack() as stack:
        servers, settings = serve(stack, folder, database)
        environment = {**SETTINGS, **settings, **clock.environment, "ESG_SCHEDULE": str(schedule)}
        fleet = stack.enter_context(Fleet(home, is_supervised=True, **environment))
        fleet.start(*roles)
        yield Arena(database, fleet, clock, servers)


def serve(stack: ExitStack, folder: Path, database: str) -> tuple[dict[str, Server], dict[str, str]]:
    """Start what a fleet keeps its state and messages in; give the servers, and the settings that lead to
    them."""
    if database == "sqlite":
        return {}, {}
    state, state_url = postgres.server(folder / "postgres")
    messages, broker_url = redis_server.server(folder / "redis")
    for server in (state, messages):
        stack.enter_context(server)
    settings = {"ESG_DATABASE_URL": state_url, "ESG_BROKER_URL": broker_url}
    return {"database": state, "broker": messages}, settings
