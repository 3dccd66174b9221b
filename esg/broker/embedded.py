"""settings → the URL of a live broker, started if need be."""

import fcntl
import json
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from esg.broker.addresses import Address, candidates
from esg.broker.client import answers
from esg.broker.programs import Program, PurePython, find
from esg.errors import Misconfigured, Transient
from esg.interrupts import held_back
from esg.settings import Settings

log = logging.getLogger(__name__)

START_SECONDS = 15.0  # to load a long append-only file on a busy machine
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A live embedded server."""

    url: str
    pid: int
    program: str


def ensure(settings: Settings) -> str:
    """Return the broker's URL; start an embedded server when none is configured and none runs.

    Raises Transient when a server is there but does not answer, Misconfigured when none can be started.
    """
    if settings.broker:
        return settings.broker
    folder = _folder(settings)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if (endpoint := _recorded(folder)) and answers(endpoint.url):
            return endpoint.url
        with _lock(folder) as descriptor:
            if descriptor is not None:
                return _start(folder, descriptor).url
        time.sleep(0.05)  # it is starting, or dying: a killed server is cut off before it lets go of the lock
    raise Transient(
        "The embedded broker runs but does not answer.",
        next_step=f"Look at {folder / 'redis.log'}.",
    )


def is_given(settings: Settings) -> bool:
    """Whether the broker is someone else's to keep running."""
    return bool(settings.broker)


def running(settings: Settings) -> Endpoint | None:
    """Return the embedded server that lives for this home, if any; it may not answer yet."""
    return _recorded(_folder(settings))


def stop(settings: Settings) -> bool:
    """Stop the embedded server, its data kept; True if there was one."""
    folder = _folder(settings)
    endpoint = _recorded(folder)
    if endpoint is None:
        return False
    _send(signal.SIGTERM, endpoint)
    deadline = time.monotonic() + STOP_SECONDS
    while _recorded(folder) == endpoint:
        if time.monotonic() > deadline:
            _send(signal.SIGKILL, endpoint)
        time.sleep(0.02)
    return True


def _send(number: signal.Signals, endpoint: Endpoint) -> None:
    with suppress(ProcessLookupError):
        os.kill(endpoint.pid, number)


def _folder(settings: Settings) -> Path:
    folder = settings.make_home().resolve() / "broker"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


# -- who lives -----------------------------------------------------------------------------------------------


@contextmanager
def _lock(folder: Path) -> Iterator[int | None]:
    """Try the lock; yield its descriptor, or None while a server (or its starter) holds it.

    It is closed, never unlocked: a server that inherited the descriptor goes on holding the lock.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield None
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_free(folder: Path) -> bool:
    with _lock(folder) as descriptor:
        return descriptor is not None


def _recorded(folder: Path) -> Endpoint | None:
    """Return the recorded server if it still lives; a dead one's record counts for nothing."""
    try:
        endpoint = Endpoint(**json.loads((folder / "endpoint.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return endpoint if _lives(endpoint.pid) and not _is_free(folder) else None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _record(folder: Path, endpoint: Endpoint) -> None:
    temporary = folder / f"endpoint.json.{os.getpid()}"
    temporary.write_text(json.dumps(asdict(endpoint)))
    temporary.chmod(0o600)  # it may hold a password
    temporary.replace(folder / "endpoint.json")


# -- starting ------------------------------------------------------------------------------------------------


def _start(folder: Path, descriptor: int) -> Endpoint:
    """Start the first server that comes up, with the data of the last one if it can read them."""
    (folder / "endpoint.json").unlink(missing_ok=True)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    for program in find():
        for address in candidates(folder):
            if endpoint := _try(program, address, data, folder, descriptor):
                log.info("Started the embedded broker (%s).", program.name)
                return endpoint
        _set_aside(data)  # written by another version, or broken: SQL rebuilds the queues (FLEET §6.1)
    raise Misconfigured(
        "No embedded broker could be started.",
        next_step=f"Look at {folder / 'redis.log'}, or set ESG_BROKER_URL to a Redis of your own.",
    )


def _try(
    program: Program | PurePython, address: Address, data: Path, folder: Path, descriptor: int
) -> Endpoint | None:
    """Start one server, detached from this terminal; None if it exits instead of answering.

    It is recorded before it answers: should its starter die meanwhile, the others find it. Nothing interrupts
    its starter before that.
    """
    log_file = folder / "redis.log"
    with log_file.open("ab") as output, held_back():
        process = subprocess.Popen(  # noqa: S603  # nosec B603  # our own argv
            program.argv(address, data=data, log_file=log_file),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=[descriptor],
        )
        endpoint = Endpoint(address.url, process.pid, program.name)
        _record(folder, endpoint)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers(address.url):
            threading.Thread(target=process.wait, daemon=True).start()  # reaps it should it die before us
            return endpoint
        time.sleep(0.02)
    process.kill()
    process.wait()
    return None


def _set_aside(data: Path) -> None:
    with suppress(OSError):
        data.rename(data.with_name(f"data-unread-{time.time_ns()}"))
    data.mkdir(exist_ok=True)
