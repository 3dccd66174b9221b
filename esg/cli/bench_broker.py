"""`esg bench broker`: how many commands a second one Redis takes."""

import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from esg import broker
from esg.cli.console import answer, emit, json_option, talk
from esg.evaluate.broker_rate import measure
from esg.settings import Settings


@click.command("broker")
@click.option("--messages", type=click.IntRange(min=100), default=5000, show_default=True, help="Sent.")
@json_option
def command(messages: int, as_json: bool) -> None:
    """Send, take and acknowledge messages through a Redis of its own, and tell what that costs the server."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), broker_url="")
        try:
            with talk.status(f"{messages} messages"):
                found = measure(broker.connect(broker.ensure(settings)), messages=messages)
        finally:
            broker.stop(settings)
    if as_json:
        emit(asdict(found) | {"commands_per_second": found.per_second})
        return
    each = f"{1e6 * found.seconds / found.commands:.1f} µs of the server's processor each"
    answer().print(
        f"{found.commands / found.messages:.0f} commands a message, {each}: one "
        f"Redis takes {found.per_second:,.0f} commands a second"
    )
