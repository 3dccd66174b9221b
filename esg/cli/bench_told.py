"""A bench while it runs, and its result → a table on the terminal, or its JSON alone."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from rich.table import Table

from esg.cli.console import answer, emit, talk
from esg.errors import Misconfigured
from esg.evaluate.bench.contender import Unavailable
from esg.evaluate.bench.result import Figure, Result
from esg.evaluate.bench.rounds import OnTurn
from esg.interrupts import as_interrupt


@contextmanager
def measuring(next_step: str = "Run it in a checkout, after make setup.") -> Iterator[OnTurn]:
    """Tell on stderr what is measured now; raises Misconfigured for what cannot be measured here.

    SIGTERM ends it as Ctrl-C does, and with it the workers that it started.
    """
    before = signal.signal(signal.SIGTERM, as_interrupt)
    with talk.status("") as status:
        try:
            yield status.update
        except Unavailable as error:
            raise Misconfigured(str(error), next_step=next_step) from error
        finally:
            signal.signal(signal.SIGTERM, before)


def tell(result: Result, *, as_json: bool) -> None:
    """Print what was found, what could not be measured, and on which machine."""
    if as_json:
        emit(result.to_dict())
        return
    answer().print(_table(result.figures))
    for skipped in result.skipped:
        answer().print(f"[yellow]not measured:[/] {skipped.what}: {skipped.reason}")
    for note in result.notes:
        answer().print(f"[dim]{note}[/]")
    machine = result.machine
    features = ", ".join(machine.features)
    answer().print(
        f"[dim]{machine.processor}, {machine.cores} cores ({features}), load {machine.load} at the start, "
        f"commit {machine.commit or 'unknown'}[/]"
    )


def _table(figures: tuple[Figure, ...]) -> Table:
    table = Table("what", "median", "", "lowest", "highest", "bar", "", box=None, header_style="dim")
    for figure in figures:
        reached = {None: "", True: "reached", False: "[red]missed[/]"}[figure.is_reached]
        numbers = (f"{value:.4g}" for value in (min(figure.samples), max(figure.samples)))
        table.add_row(
            figure.what, f"{figure.value:.4g}", figure.unit, *numbers, str(figure.bar or ""), reached
        )
    return table
