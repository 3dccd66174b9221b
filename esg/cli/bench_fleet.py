"""`esg bench overhead|workers|dispatch|start`: what the fleet costs, each in a home of its own."""

from pathlib import Path

import click

from esg.cli.bench_peers import pdfs, sources_argument
from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.cli.options import rounds_option
from esg.evaluate.bench.dispatch import bench_dispatch
from esg.evaluate.bench.overhead import bench_overhead
from esg.evaluate.bench.start import bench_start
from esg.evaluate.bench.workers import bench_workers


@click.command("overhead")
@sources_argument
@rounds_option
@json_option
def overhead_command(sources: tuple[Path, ...], rounds: int, as_json: bool) -> None:
    """The fleet's wall time for the PDFs beside the library's alone."""
    with measuring() as on_turn:
        found = bench_overhead(pdfs(sources), rounds=rounds, on_turn=on_turn)
    tell(found, as_json=as_json)


@click.command("workers")
@sources_argument
@rounds_option
@json_option
def workers_command(sources: tuple[Path, ...], rounds: int, as_json: bool) -> None:
    """Seconds in which two embed workers on a core each embed the PDFs, beside one on one."""
    with measuring() as on_turn:
        found = bench_workers(pdfs(sources), rounds=rounds, on_turn=on_turn)
    tell(found, as_json=as_json)


@click.command("dispatch")
@click.option("--tasks", type=click.IntRange(100, 100_000), default=1000, show_default=True, help="A round.")
@click.option(
    "--paced", type=click.IntRange(0, 100_000), default=200, show_default=True,
    help="Tasks a round that come at 20 a second, for the wait in the queue; 0 leaves it out.",
)  # fmt: skip
@rounds_option
@json_option
def dispatch_command(tasks: int, paced: int, rounds: int, as_json: bool) -> None:
    """Tasks a second and the wait in the queue: ours with its outbox beside a bare Celery no-op."""
    with measuring() as on_turn:
        found = bench_dispatch(tasks=tasks, paced=paced, rounds=rounds, on_turn=on_turn)
    tell(found, as_json=as_json)


@click.command("start")
@click.option("--processes/--imports", default=True, help="Start workers and a fleet, or only import.")
@rounds_option
@json_option
def start_command(processes: bool, rounds: int, as_json: bool) -> None:
    """Seconds of imports, of a worker's boot, and of `esg up` until the first job is accepted."""
    with measuring() as on_turn:
        found = bench_start(rounds=rounds, processes=processes, on_turn=on_turn)
    tell(found, as_json=as_json)
