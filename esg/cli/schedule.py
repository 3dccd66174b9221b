"""`esg schedule`: what runs by the clock, when next, and when it last came to a good end."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from rich.table import Table

from esg.cli.console import answer, emit, json_option
from esg.resources import open_resources
from esg.schedule import Entry, upcoming
from esg.settings import Settings
from esg.state import Fired


@click.command("schedule")
@json_option
def command(as_json: bool) -> None:
    """List what runs by the clock; ESG_SCHEDULE names a TOML file that changes when."""
    opened = open_resources(Settings())
    now, fired = datetime.now(UTC), opened.state.fired()
    rows = [_row(entry, fired.get(entry.name), now) for entry in opened.schedule]
    if as_json:
        emit([{name: _plain(value) for name, value in row.items()} for row in rows])
        return
    table = Table(*rows[0], box=None, header_style="dim")
    for row, entry in zip(rows, opened.schedule, strict=True):
        table.add_row(*(_shown(value, entry) for value in row.values()))
    answer().print(table)


def _row(entry: Entry, fired: Fired | None, now: datetime) -> dict[str, str | datetime | None]:
    return {
        "entry": entry.name,
        "task": entry.task,
        "when": f"{entry.at:%H:%M}" if entry.at is not None else f"every {entry.every_seconds} s",
        "zone": entry.zone,
        "next_run": upcoming(entry, now).due if entry.is_on else None,
        "last_run": fired.fired_at if fired else None,
        "state": fired.state if fired else "",
        "last_success": fired.succeeded_at if fired else None,
    }


def _plain(value: str | datetime | None) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else value


def _shown(value: str | datetime | None, entry: Entry) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(entry.zone)):%Y-%m-%d %H:%M %Z}"
    return value or "-"
