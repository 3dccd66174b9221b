"""The broker of last resort: fakeredis as a process of its own (`python -m esg.broker.pure`)."""

import argparse
import os
import signal
import socket
from pathlib import Path
from types import FrameType
from typing import Any

from fakeredis import TcpFakeServer


class SocketFakeServer(TcpFakeServer):
    """fakeredis on a Unix socket, whose clients have no address of their own."""

    address_family = socket.AF_UNIX
    daemon_threads = True

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a client and give it the address that fakeredis tells clients apart by."""
        connection, _ = self.socket.accept()
        return connection, ("unix", next(self.client_ids))


def main() -> None:
    """Serve until a signal comes."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _leave)
    path, port = arguments.socket, arguments.port
    with _on_socket(path) if path else TcpFakeServer(("127.0.0.1", port)) as server:
        server.serve_forever()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m esg.broker.pure")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--socket", type=Path)
    where.add_argument("--port", type=int)
    return parser.parse_args()


def _on_socket(path: Path) -> TcpFakeServer:
    path.unlink(missing_ok=True)
    os.umask(0o077)
    return SocketFakeServer(str(path))  # type: ignore[arg-type]  # a Unix socket's address is a path


def _leave(number: int, frame: FrameType | None) -> None:
    del number, frame
    os._exit(0)  # nothing to write down, and its threads wait on sockets


if __name__ == "__main__":
    main()
