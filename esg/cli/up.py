"""`esg up`: the whole fleet on this machine under one supervisor.

On a terminal it draws a screen; where none looks on it writes JSON lines, as its children do.
"""

import logging
import signal
import sys
import time

import click
from rich.live import Live

from esg import logs
from esg.cli import bounded
from esg.cli import fleet as fleets
from esg.cli.console import emit, json_option, talk
from esg.cli.screen import screen
from esg.door import refuse_without_key
from esg.interrupts import as_interrupt
from esg.resources import open_resources
from esg.settings import Settings
from esg.startup import BESIDES, settings_to_start_by
from esg.state import State

log = logging.getLogger(__name__)


@click.command("up")
@click.option(
    "--workers",
    type=bounded.WORKERS,
    default=1,
    show_default=True,
    help="Processes for each of ingest and embed.",
)
@json_option
def command(workers: int, as_json: bool) -> None:
    """Run broker, workers, beat, API and Flower; Ctrl-C drains and stops."""
    settings = settings_to_start_by(*BESIDES)
    settings.make_home()
    refuse_without_key(open_resources(settings))
    fleet = fleets.take(settings, workers=workers, whole=True)
    if fleet is None:
        _say_running(settings, as_json=as_json)
        return
    signal.signal(signal.SIGTERM, as_interrupt)
    run = _run_on_screen if sys.stderr.isatty() and not as_json else _run_quietly
    try:
        fleet.start()
        state = open_resources(settings).state  # brings the schema up to date before any worker asks
        if as_json:
            emit({"urls": fleet.urls, "home": str(settings.home)})
        run(fleet, state)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the drain short
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    finally:
        if run is _run_on_screen:
            talk.print("[dim]draining: workers finish or give back their tasks …[/]")
        log.info("Draining: workers finish or give back their tasks.")
        fleet.drain()


def _run_on_screen(fleet: fleets.Fleet, state: State) -> None:
    with Live(console=talk, auto_refresh=False, screen=False) as live:
        while True:
            for line in fleet.tick():
                live.console.print(f"[yellow]{line}[/]")
            live.update(screen(fleet, state.stage_counts()), refresh=True)
            time.sleep(1)


def _run_quietly(fleet: fleets.Fleet, _state: State) -> None:
    """Log what happens, and no password: who starts it so knows where that is."""
    logs.configure(fleet.settings.log_level)
    log.info("The fleet is up: %s.", ", ".join(f"{name} at {url}" for name, url in fleet.urls.items()))
    while True:
        for line in fleet.tick():
            log.warning("%s", line)
        time.sleep(1)


def _say_running(settings: Settings, *, as_json: bool) -> None:
    up = fleets.running(settings)
    if as_json:
        emit({"urls": up.urls if up else {}, "pid": up.pid if up else None, "already_running": True})
        return
    since = f" since {up.since} (process {up.pid})" if up else ""
    talk.print(f"A fleet is already running{since}. Stop it with Ctrl-C there, or: esg down")
    for name, url in (up.urls if up else {}).items():
        talk.print(f"  {name:8} {url}")
