"""The API as it is, served on a socket of this machine, for tests that speak HTTP to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from esg.settings import Settings
from tests.fakes.samples import SAMPLE
from tests.fakes.workshop import work_off


@contextmanager
def serving(settings: Settings, app: FastAPI | None = None) -> Iterator[httpx.Client]:
    """Run the app in a thread; give a client that speaks to it."""
    config = uvicorn.Config(
        app or create_app(settings),
        port=0,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def score_reports(home: Path, *paths: Path, **fields: str) -> None:
    """Upload reports to a home's API, and do the work that this makes."""
    with serving(Settings(home=home)) as client:
        for path in paths:
            assert upload(client, path, **fields).status_code == 202
    work_off(home)


def upload(client: httpx.Client, path: Path = SAMPLE, **fields: str) -> httpx.Response:
    """Send a report as curl -F file=@… does."""
    with path.open("rb") as file:
        return client.post("/v1/documents", files={"file": (path.name, file)}, data=fields)
