"""What a worker shows of itself on disk: `ESG_HOME/run/<name>/`, for probes and supervisors."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


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
        for name in ("alive", "ready", "metrics.url"):
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
