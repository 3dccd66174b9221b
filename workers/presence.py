"""What a worker shows of itself on disk: `ESG_HOME/run/<name>/`, for probes and supervisors."""

import json
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

ABOUT = "process"


@dataclass(frozen=True, slots=True)
class About:
    """Whose folder it is: a process of a host that may share the home with others."""

    host: str
    pid: int
    works: Sequence[str]  # the queues it takes from, or `beat`

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        try:
            return cls(**json.loads((folder / ABOUT).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    @property
    def is_here(self) -> bool:
        return self.host == socket.gethostname()

    @property
    def is_alive(self) -> bool:
        return is_alive(self.pid)


@dataclass(frozen=True, slots=True)
class Presence:
    """One worker's folder."""

    home: Path
    node: str  # the node name, with or without @host

    @property
    def folder(self) -> Path:
        return self.home / "run" / self.node.partition("@")[0]

    def begin(self) -> None:
        """Start with nothing of an earlier process of this name but its metrics, which are fresh."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (self.folder / "alive", self.folder / "ready", *self.folder.glob("child-*")):
            path.unlink(missing_ok=True)

    def describe(self, *works: str) -> None:
        """Say which process this is and what it works on, for probes."""
        self.write(ABOUT, json.dumps(asdict(About(socket.gethostname(), os.getpid(), works))))

    def age_seconds(self, name: str) -> float | None:
        """How long ago a file was touched; None where it is not there."""
        try:
            return max(0.0, time.time() - (self.folder / name).stat().st_mtime)
        except OSError:
            return None

    def touch(self, name: str) -> None:
        (self.folder / name).touch()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def child_is_ready(self) -> None:
        """Say, in a child, that it has loaded what it needs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.touch(f"child-{os.getpid()}")

    def children(self) -> list[int]:
        """List the children that are ready and alive."""
        pids = [int(path.name.removeprefix("child-")) for path in self.folder.glob("child-*")]
        for pid in pids:
            if not is_alive(pid):
                (self.folder / f"child-{pid}").unlink(missing_ok=True)
        return [pid for pid in pids if is_alive(pid)]

    def end(self) -> None:
        for name in ("alive", "ready", "metrics.url", ABOUT):
            with suppress(OSError):
                (self.folder / name).unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
