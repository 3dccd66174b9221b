"""A bench's result → a table on the terminal, or its JSON alone."""

from rich.table import Table

from esg.cli.console import answer, emit
from esg.evaluate.bench.result import Figure, Result


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
