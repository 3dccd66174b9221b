"""A whole fleet on this machine under one supervisor: one lock, a table of children, a drain."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from esg import broker
from esg.cli.child import Child, Program
from esg.cli.programs import API, fleet_programs
from esg.cores import cores
from esg.settings import Settings

DRAIN_MARGIN_SECONDS = 20.0  # after ESG_DRAIN_SECONDS workers give back what they have, which takes a moment
SILENT_SECONDS = 20.0  # longer than a broker needs to load what it kept
API_SECONDS = 20.0  # how long the others wait for it to load
CONNECT_SECONDS = 0.2  # to a port of this machine, which accepts or refuses at once


@dataclass(frozen=True, slots=True)
class Running:
    """What another supervisor on this machine has up."""

    pid: int
    since: str
    urls: dict[str, str]


def running(settings: Settings) -> Running | None:
    """Say what is up on this machine, or None; a supervisor that died is not up."""
    lock = _locked(settings.make_home())
    if lock is not None:
        lock.close()
        return None
    try:
        told: dict[str, Any] = json.loads((settings.home / "up.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        told = {}
    return Running(told.get("pid", 0), told.get("since", ""), told.get("urls", {}))


def drain_seconds(settings: Settings) -> float:
    """How long a fleet may take to stop; who is left then is killed."""
    return settings.drain_seconds + DRAIN_MARGIN_SECONDS


class Fleet:
    """The supervisor: `tick()` about once a second from one thread, `drain()` at the end."""

    def __init__(self, settings: Settings, programs: Sequence[Program], lock: IO[str]) -> None:
        logs = settings.home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.children = [Child(program, logs / f"{program.name}.log") for program in programs]
        self.urls = {program.name: program.url for program in programs if program.url}
        self._api = next((child for child in self.children if child.program.name == API), None)
        self._to_come = list(self.children)
        self._lock = lock
        self._began = time.monotonic()
        self._heard = self._began  # the last word of the broker

    def start(self) -> None:
        """Start the API and, while it loads, the broker; all others come with the ticks. Without one, all."""
        if self._api:
            self._begin(self._api)
        broker.ensure(self.settings)
        self._tell()
        if not self._api:
            self._begin(*self._to_come)

    def tick(self) -> list[str]:
        """Start who is still to come; restart what ended (after its back-off), our own broker first.

        Returns what there is to tell.
        """
        told = [] if broker.is_given(self.settings) else self._watch_broker()
        self._go_on()
        begun = [child for child in self.children if child not in self._to_come]
        return told + [line for child in begun if (line := child.tick())]

    def _go_on(self) -> None:
        """Start all others once the API takes requests; until then as many in all as leave it a processor.

        Each loads for seconds of CPU: all at once they would keep the API from its first request.
        """
        count = len(self._to_come)
        if count and self._is_api_loading():
            beside_it = len(self.children) - 1 - count
            count = max(0, max(1, cores() - 1) - beside_it)
        self._begin(*self._to_come[:count])

    def _is_api_loading(self) -> bool:
        """An API that ends, or does not come up for long, holds nobody up."""
        if self._api is None or not self._api.is_running():
            return False
        return time.monotonic() - self._began < API_SECONDS and not _is_open(self._api.program.url)

    def _begin(self, *children: Child) -> None:
        for child in children:
            child.start()
            self._to_come.remove(child)

    def _watch_broker(self) -> list[str]:
        """Start the broker again when it is gone, or silent for long: its socket may have been removed."""
        endpoint = broker.running(self.settings)
        if endpoint and broker.answers(endpoint.url):
            self._heard = time.monotonic()
            return []
        if endpoint and time.monotonic() - self._heard < SILENT_SECONDS:
            return []
        broker.stop(self.settings)
        broker.ensure(self.settings)
        self._heard = time.monotonic()
        why = "no longer answered" if endpoint else "was gone"
        return [f"the broker {why}; it is started again (SQL rebuilds what it held)"]

    def drain(self) -> None:
        """Stop all: workers finish or give back their tasks, then whoever is left is killed."""
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + drain_seconds(self.settings)
        while time.monotonic() < deadline and any(child.is_running() for child in self.children):
            time.sleep(0.1)
        for child in self.children:
            child.kill()
        broker.stop(self.settings)
        (self.settings.home / "up.json").unlink(missing_ok=True)
        self._lock.close()

    def _tell(self) -> None:
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        told = {"pid": os.getpid(), "since": since, "urls": self.urls}
        (self.settings.home / "up.json").write_text(json.dumps(told))


def take(settings: Settings, *, workers: int, whole: bool) -> Fleet | None:
    """Become the supervisor of this machine's fleet, or None when there is one already."""
    lock = _locked(settings.make_home())
    if lock is None:
        return None
    return Fleet(settings, fleet_programs(settings, workers=workers, whole=whole), lock)


def _is_open(url: str) -> bool:
    """Whether somebody accepts connections there."""
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname, address.port), timeout=CONNECT_SECONDS):
            return True
    except OSError:
        return False


def _locked(home: Path) -> IO[str] | None:
    """Take the supervisor's lock; the kernel frees it when the process dies, however it dies."""
    file = (home / "up.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file
