"""TLS in front of a server that speaks none, as stunnel does it: clients see a server with a certificate."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BLOCK = 65_536


@contextmanager
def in_front_of(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Give the port of loopback where TLS leads to `port`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, port, context), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener: socket.socket, port: int, context: ssl.SSLContext) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            taken, _ = listener.accept()
            threading.Thread(target=_relay, args=(taken, port, context), daemon=True).start()


def _relay(taken: socket.socket, port: int, context: ssl.SSLContext) -> None:
    with (
        suppress(OSError),
        taken,
        context.wrap_socket(taken, server_side=True) as outside,
        socket.create_connection(("127.0.0.1", port)) as inside,
    ):
        back = threading.Thread(target=_pour, args=(inside, outside), daemon=True)
        back.start()
        _pour(outside, inside)
        back.join(5)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(BLOCK):
            target.sendall(block)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
