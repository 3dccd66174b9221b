"""Where an embedded server may listen: a private Unix socket, else loopback with a password."""

import hashlib
import os
import secrets
import socket
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LONGEST_SOCKET_PATH = 103  # sun_path holds 108 bytes on Linux, 104 on macOS, one of them the closing NUL


class Address(Protocol):
    """A place to listen."""

    @property
    def url(self) -> str:
        """Return the URL as kombu reads it."""

    def options(self) -> dict[str, str]:
        """Return redis-server's options that listen here and nowhere else."""

    def pure_arguments(self) -> list[str]:
        """Return the arguments of `esg.broker.pure`."""


@dataclass(frozen=True, slots=True)
class Socket:
    path: Path

    @property
    def url(self) -> str:
        return f"redis+socket://{self.path}"

    def options(self) -> dict[str, str]:
        return {"port": "0", "unixsocket": str(self.path), "unixsocketperm": "700"}

    def pure_arguments(self) -> list[str]:
        return ["--socket", str(self.path)]


@dataclass(frozen=True, slots=True)
class Loopback:
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def options(self) -> dict[str, str]:
        return {"port": str(self.port), "bind": "127.0.0.1", "requirepass": self.password}

    def pure_arguments(self) -> list[str]:
        return ["--port", str(self.port)]


def candidates(folder: Path) -> Iterator[Address]:
    """Yield where to listen, the most private first; `folder` is the broker's own, mode 0700."""
    if _fits(folder / "redis.sock"):
        yield Socket(folder / "redis.sock")
    if short := _private_temporary(folder):
        yield Socket(short / "redis.sock")
    yield Loopback(_free_port(), secrets.token_urlsafe(24))


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and not set(str(path)) & set("?#% ")


def _private_temporary(folder: Path) -> Path | None:
    """Make a short folder that only this user can enter; None where someone else sits in its place."""
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir(), f"esg-{os.getuid()}-{name}")
    try:
        short.mkdir(mode=0o700, exist_ok=True)
        found = short.lstat()
    except OSError:
        return None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return short if is_ours and _fits(short / "redis.sock") else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
