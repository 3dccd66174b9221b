"""`esg down`: stop what runs on this machine, wherever it was started."""

import os
import signal
import time

import click

from esg import broker, errors
from esg.cli import fleet as fleets
from esg.cli.console import emit, json_option, talk
from esg.settings import Settings


@click.command("down")
@json_option
def command(as_json: bool) -> None:
    """Drain and stop the fleet, and a broker that a stray `celery` command left running."""
    settings = Settings()
    up = fleets.running(settings)
    if up is not None:
        _stop(settings, up.pid)
    had_broker = broker.running(settings)
    broker.stop(settings)
    stopped = up is not None or bool(had_broker)
    if as_json:
        emit({"stopped": stopped})
    else:
        talk.print("stopped" if stopped else "nothing was running")


def _stop(settings: Settings, pid: int) -> None:
    if not pid:
        raise errors.EsgError("A fleet is starting up.", next_step="Try again in a moment.")
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + fleets.drain_seconds(settings) + 10
    while fleets.running(settings) is not None:
        if time.monotonic() > deadline:
            raise errors.EsgError(
                f"Process {pid} is still draining.", next_step="Wait for it, or end it with kill."
            )
        time.sleep(0.2)
