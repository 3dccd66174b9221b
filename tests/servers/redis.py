"""A Redis with a password, on a port of loopback, that keeps what it was told (append-only file)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis

from esg.broker import programs
from tests.servers.server import Server, Unavailable, free_ports

PASSWORD = "esg-stack"
_OPTIONS = ("--bind", "127.0.0.1", "--requirepass", PASSWORD, "--appendonly", "yes", "--save", "")


def server(folder: Path) -> tuple[Server, str]:
    """Make a server, its data in `folder`, and its URL; raises Unavailable."""
    found = next((p for p in programs.find() if isinstance(p, programs.Program)), None)
    if found is None:
        raise Unavailable("there is no redis-server, neither on the PATH nor in a wheel")
    (port,) = free_ports(1)
    command = [found.executable, *_OPTIONS, "--port", str(port)]
    url = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
    return Server("redis", command, folder, lambda: _answers(url)), url


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


@contextmanager
def start(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run one for the stack."""
    made, url = server(folder)
    with made:
        yield {"STACK_REDIS": url}
