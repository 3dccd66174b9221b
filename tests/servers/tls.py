"""TLS in front of a server that speaks none, as stunnel does it: clients see a server with a certificate."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

BLOCK = 65_536
NAME = "localhost"  # what a server can prove to be: no address


class Authority:
    """Whom certificates are from; `file` is its own, as settings name it."""

    def __init__(self, folder: Path) -> None:
        self._made = trustme.CA()
        self.file = folder / "ca.pem"
        self._made.cert_pem.write_to_path(str(self.file))

    def context(self) -> ssl.SSLContext:
        """Of a server that proves its name by this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._made.issue_cert(NAME).configure_cert(context)
        return context

    def write(self, folder: Path) -> tuple[Path, Path]:
        """A certificate and its key, as files for a server of its own."""
        made = self._made.issue_cert(NAME)
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        for number, blob in enumerate(made.cert_chain_pems):
            blob.write_to_path(str(certificate), append=number > 0)
        made.private_key_pem.write_to_path(str(key))
        return certificate, key

    def write_truststore(self, folder: Path, *, password: str) -> Path:
        """The authority as Java wants it, PKCS #12: for javax.net.ssl.trustStore."""
        certificate = x509.load_pem_x509_certificate(self.file.read_bytes())
        entry = pkcs12.PKCS12Certificate(certificate, b"authority")
        path = folder / "truststore.p12"
        path.write_bytes(
            pkcs12.serialize_java_truststore([entry], BestAvailableEncryption(password.encode()))
        )
        return path


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
