"""`esg bench broker`: how many commands a second one Redis takes."""

import tempfile
from pathlib import Path

import click

from esg import broker
from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.cli.options import rounds_option
from esg.evaluate.bench.broker import bench_broker
from esg.settings import Settings


@click.command("broker")
@click.option(
    "--messages", type=click.IntRange(min=100), default=5000, show_default=True, help="Sent in a round."
)
@rounds_option
@json_option
def command(messages: int, rounds: int, as_json: bool) -> None:
    """Send, take and acknowledge messages through a Redis of its own, and tell what that costs the server."""
    with tempfile.TemporaryDirectory() as folder, measuring() as on_turn:
        settings = Settings(home=Path(folder), broker_url="")
        try:
            client = broker.connect(broker.ensure(settings))
            found = bench_broker(client, messages=messages, rounds=rounds, on_turn=on_turn)
        finally:
            broker.stop(settings)
    tell(found, as_json=as_json)
