"""`python -m api`: serve until told to stop. Everything it writes is below `settings.home`."""

import logging
import socket
import sys
import tempfile

import click
import uvicorn

from api.app import create_app
from esg import collector, logs
from esg.door import refuse_without_key
from esg.errors import EsgError
from esg.hosts import bracketed
from esg.settings import Settings
from esg.startup import settings_to_start_by

logger = logging.getLogger("esg.api")

GRACE_SECONDS = 5  # for answers under way when it is told to stop


def main() -> None:
    try:
        settings = settings_to_start_by()
        app = create_app(settings)
        refuse_without_key(app.state.house.resources)
    except EsgError as error:
        click.secho(f"esg: {error}", fg="red", err=True)
        sys.exit(2)
    collector.leave_out_what_is_loaded()
    logs.configure(settings.log_level)
    drafts = settings.home / "tmp"  # uploads on their way: on the disk of `home`, not in a small /tmp
    drafts.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(drafts)
    config = uvicorn.Config(
        app,
        log_config=None,
        http="h11",  # httptools answers a method that it does not know itself, in plain text
        access_log=False,  # Observe writes the line, with its ids
        server_header=False,
        proxy_headers=False,  # the app believes the proxies of its settings, whoever serves it
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with listen(settings) as listener:
        host, port = listener.getsockname()[:2]
        logger.info("esg API at http://%s:%s", bracketed(host), port)
        uvicorn.Server(config).run(sockets=[listener])


def listen(settings: Settings) -> socket.socket:
    """Bind the port that is set; where none is, the one used last if free, else any, and remember it."""
    if settings.api_port:
        return _bound(settings.api_host, settings.api_port)
    memory = settings.home / "api.port"
    last = int(memory.read_text()) if memory.is_file() else 0
    try:
        listener = _bound(settings.api_host, last)
    except OSError:
        listener = _bound(settings.api_host, 0)
    memory.write_text(str(listener.getsockname()[1]))
    return listener


def _bound(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named, or asyncio delays writes
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    return listener


if __name__ == "__main__":
    main()
