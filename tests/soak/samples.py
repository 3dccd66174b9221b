"""What a fleet holds at a moment: memory and files of each worker, connections, keys, bytes on the disk."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis
import sqlalchemy as sa

from tests.fakes.fleets import Fleet, Worker

MIB = 1024 * 1024
SETTLED_SECONDS = 30.0  # a younger process is a parser's sandbox, which ends with its document


@dataclass(frozen=True, slots=True)
class Sample:
    """Values by what was measured, after so many seconds and documents."""

    seconds: float
    documents: int
    values: Mapping[str, float]


def take(fleet: Fleet, client: redis.Redis, *, began: float, documents: int) -> Sample:
    values: dict[str, float] = {}
    for name, worker in fleet.workers.items():
        values[f"{name}: memory, MiB"], values[f"{name}: open files"] = _held(worker)
    values["SQL connections"] = _connections(fleet)
    values["SQL, MiB"] = _database_bytes(fleet) / MIB
    values["Redis keys"] = float(client.dbsize())
    values["Redis memory, MiB"] = client.info("memory")["used_memory"] / MIB
    lake = Path(fleet.settings.lake)
    values["lake, MiB"] = _folder_bytes(lake) / MIB
    values["home beside the lake, MiB"] = _folder_bytes(fleet.home) / MIB - values["lake, MiB"]
    return Sample(time.monotonic() - began, documents, values)


def _held(worker: Worker) -> tuple[float, float]:
    """Resident memory and open files of a worker and its lasting children."""
    memory, files = 0.0, 0.0
    with suppress(psutil.NoSuchProcess):
        leader = psutil.Process(worker.process.pid)
        for process in (leader, *leader.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                if process is leader or time.time() - process.create_time() >= SETTLED_SECONDS:
                    memory += process.memory_info().rss / MIB
                    files += process.num_fds()
    return memory, files


def _connections(fleet: Fleet) -> float:
    """Of all workers: PostgreSQL counts them; of SQLite each is an open file."""
    engine = fleet.state.engine
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            return float(connection.execute(sa.text(query)).scalar_one())
    return float(sum(_opened(worker, engine.url.database or "") for worker in fleet.workers.values()))


def _opened(worker: Worker, path: str) -> int:
    found = 0
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        leader = psutil.Process(worker.process.pid)
        for process in (leader, *leader.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                found += sum(file.path == path for file in process.open_files())
    return found


def _database_bytes(fleet: Fleet) -> float:
    engine = fleet.state.engine
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            size = connection.execute(sa.text("SELECT pg_database_size(current_database())"))
            return float(size.scalar_one())
    return float(Path(engine.url.database or "").stat().st_size)


def _folder_bytes(folder: Path) -> float:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # written and renamed, or dropped, meanwhile
            total += path.lstat().st_size if path.is_file() else 0
    return float(total)
