"""`esg demo`: the main job from one end to the other, with the whole fleet and nothing set up."""

import time
from pathlib import Path

import click

from esg import fetch
from esg.cli import through_fleet
from esg.cli.console import json_option, talk
from esg.cli.destination import Destination
from esg.cli.score import finish
from esg.door import refuse_without_key
from esg.resources import open_resources
from esg.settings import Settings

OUT = Destination(Path("reports"), ("html",), is_folder=True)


@click.command("demo")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@json_option
def command(sources: tuple[str, ...], as_json: bool) -> None:
    """Start the whole fleet, score the SOURCEs, write one page each into ./reports."""
    settings = Settings()
    opened = open_resources(settings)
    refuse_without_key(opened)
    named = [path for source in sources for path in fetch.expand_asked(source)]
    started = time.monotonic()
    outcomes = through_fleet.score(named, opened, company=None, year=None, workers=1, whole=True)
    seconds = time.monotonic() - started
    finish(outcomes, opened, to=OUT, as_json=as_json, seconds=seconds)
    talk.print(
        f"Open {OUT.path}/*.html in a browser (or run `.venv/bin/esg up` for the web page); "
        "score your own file with: make demo REPORT=path/or/url",
        soft_wrap=True,  # one line, to be copied from
    )
