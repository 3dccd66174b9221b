"""What `esg up` shows: addresses, processes and live queues on one screen."""

import time
from collections.abc import Mapping

from rich.console import Group
from rich.table import Table
from rich.text import Text

from esg import broker
from esg.cli.child import Child
from esg.cli.fleet import Fleet
from esg.cli.programs import API, FLOWER_USER, flower_password
from esg.settings import Settings
from esg.state import QUEUES

STATES = ("pending", "queued", "leased", "retry_wait", "done", "dead")


def screen(fleet: Fleet, counts: Mapping[str, Mapping[str, int]]) -> Group:
    """Draw the fleet as it stands now; `counts` are stage runs per queue and state, from SQL."""
    return Group(addresses(fleet), processes(fleet.children), queues(counts), Text("Ctrl-C drains and stops"))


def addresses(fleet: Fleet) -> Table:
    grid = Table.grid(padding=(0, 2))
    for name, url in fleet.urls.items():
        grid.add_row(f"[bold]{name}[/]", url, _hint(fleet, name))
    grid.add_row("[bold]broker[/]", *_broker(fleet.settings))
    grid.add_row("[bold]state[/]", str(fleet.settings.home), "")
    return grid


def processes(children: list[Child]) -> Table:
    table = Table("process", "pid", "state", "up", "restarts", box=None, header_style="dim")
    for child in children:
        pid = str(child.process.pid) if child.process else ""
        up = _elapsed(time.monotonic() - child.started) if child.is_running() else ""
        table.add_row(child.program.name, pid, _state(child), up, str(child.restarts or ""))
    return table


def _state(child: Child) -> str:
    if child.is_running():
        return "[green]running[/]"
    return "[yellow]restarting[/]" if child.started else "[dim]waiting[/]"


def queues(counts: Mapping[str, Mapping[str, int]]) -> Table:
    table = Table("queue", *STATES, box=None, header_style="dim")
    for queue in QUEUES:
        of = counts.get(queue, {})
        table.add_row(queue, *(str(of.get(state) or "·") for state in STATES))
    return table


def _broker(settings: Settings) -> tuple[str, str]:
    """Say which broker it is, without its address: that may hold a password."""
    if broker.is_given(settings):
        return "the one that is configured", ""
    endpoint = broker.running(settings)
    if endpoint is None:
        return "[yellow]starting[/]", ""
    return endpoint.program, f"[dim]process {endpoint.pid}, for this machine alone[/]"


def _hint(fleet: Fleet, name: str) -> str:
    if name == API:
        return f"[dim]open it, or see {fleet.urls[name]}/docs[/]"
    if name == "flower":
        return f"[dim]user {FLOWER_USER}, password {flower_password(fleet.settings)}[/]"
    return ""


def _elapsed(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
