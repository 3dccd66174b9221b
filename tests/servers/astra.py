"""Astra's way in before a Cassandra: a metadata service and a proxy, both by TLS and only with its bundle."""

import json
import select
import socket
import socketserver
import ssl
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme


@contextmanager
def astra(folder: Path, *, port: int, host_id: str, datacentre: str) -> Iterator[Path]:
    """Open the way to the Cassandra on a port of loopback; give the secure connect bundle."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    proxy = _Proxy(context, port)
    contact = {"type": "sni_proxy", "local_dc": datacentre, "contact_points": [host_id]}
    about = {"contact_info": contact | {"sni_proxy_address": f"127.0.0.1:{proxy.server_address[1]}"}}
    metadata = ThreadingHTTPServer(("127.0.0.1", 0), _answering(json.dumps(about).encode()))
    metadata.socket = context.wrap_socket(metadata.socket, server_side=True)
    servers = (proxy, metadata)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield _bundle(folder / "bundle.zip", authority, port=metadata.server_address[1])
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _bundle(path: Path, authority: trustme.CA, *, port: int) -> Path:
    certificate = authority.issue_cert("client")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("config.json", json.dumps({"host": "127.0.0.1", "port": port}))
        packed.writestr("ca.crt", authority.cert_pem.bytes())
        packed.writestr("cert", certificate.cert_chain_pems[0].bytes())
        packed.writestr("key", certificate.private_key_pem.bytes())
    return path


def _answering(body: bytes) -> type[BaseHTTPRequestHandler]:
    class Metadata(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/metadata" else 404)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Metadata


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, context: ssl.SSLContext, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Pipe)
        self.context, self.port = context, port

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that is refused or goes away is what a proxy lives with."""


class _Pipe(socketserver.BaseRequestHandler):
    server: _Proxy

    def handle(self) -> None:
        """Take the TLS off, and pass on what either side sends until one of them ends."""
        with (
            self.server.context.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(("127.0.0.1", self.server.port)) as node,
        ):
            while data := self._next(client, node):
                data[1].sendall(data[0])

    def _next(self, client: ssl.SSLSocket, node: socket.socket) -> tuple[bytes, socket.socket] | None:
        ready = [client] if client.pending() else select.select([client, node], [], [])[0]
        source = ready[0]
        data = source.recv(65536)
        return (data, node if source is client else client) if data else None
