"""`esg bench`: how fast each stage is here, beside plain references measured in the same run."""

from dataclasses import asdict

import click
from rich.table import Table

from esg import fetch
from esg.cli import (
    bench_api,
    bench_broker,
    bench_cache,
    bench_fleet,
    bench_growth,
    bench_peers,
    bench_profile,
    bench_rescore,
    bench_retrieve,
    bench_search,
    bench_state,
)
from esg.cli.console import answer, counted, emit, json_option, talk
from esg.cli.options import rounds_option
from esg.evaluate.bench.stages import Parts, Timing, bench
from esg.evaluate.memory import peak_mib
from esg.pipeline import LONGEST_CHUNK_TOKENS
from esg.resources import EMBEDDERS, Resources, find_opener, open_resources
from esg.settings import Settings


class _Bench(click.Group):
    """`esg bench SOURCE…` is `esg bench stages SOURCE…`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = bool(args) and args[0] in (*self.commands, *ctx.help_option_names)
        return super().parse_args(ctx, args if is_named else ["stages", *args])


@click.command("bench", cls=_Bench)
def command() -> None:
    """Measure speed beside what one would use instead; `make bench` runs all that docs/performance.md tells.

    Beside peers: `report`, `extract`, `embed`. The fleet: `overhead`, `dispatch`, `start`, `api`, `growth`.
    Ours alone: `stages` (also without that word), `retrieve`, `rescore`, `search`, `profile`. What it asks of
    servers: `state` (SQL), `broker` (Redis). `cache` tells how many vectors a shared cache saves. Compare
    ratios: seconds depend on the machine and on who else uses it.
    """


command.add_command(bench_api.command)
command.add_command(bench_broker.command)
command.add_command(bench_cache.command)
command.add_command(bench_growth.command)
command.add_command(bench_rescore.command)
command.add_command(bench_search.command)
command.add_command(bench_state.command)
command.add_command(bench_profile.command)
command.add_command(bench_fleet.overhead_command)
command.add_command(bench_fleet.dispatch_command)
command.add_command(bench_fleet.start_command)
command.add_command(bench_retrieve.command)
command.add_command(bench_peers.report_command)
command.add_command(bench_peers.extract_command)
command.add_command(bench_peers.embed_command)


@command.command("stages")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@rounds_option
@json_option
def stages(sources: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Time each stage on the SOURCEs, in this process, without cache, broker or lake.

    Compare ratios within one run: seconds depend on the machine and on who else uses it.
    """
    opened = open_resources(Settings())
    named = [path for source in sources for path in fetch.expand_asked(source)]
    documents = [fetch.fetch(name, limits=opened.fetch_limits) for name in named]
    with talk.status(f"{counted(len(documents), 'document')}, {counted(rounds + 1, 'round')}"):
        timings = bench(documents, _parts(opened), rounds=rounds)
    if as_json:
        parts = [asdict(timing) | {"per_second": timing.per_second} for timing in timings]
        emit({"parts": parts, "peak_mib": round(peak_mib())})
        return
    answer().print(_table(timings))
    answer().print(f"peak memory of this process: {peak_mib():.0f} MiB")


def _parts(opened: Resources) -> Parts:
    embedder = find_opener(EMBEDDERS, opened.settings.embedder, setting="ESG_EMBEDDER")(opened.settings)
    return Parts(
        embedder=embedder,
        judge=opened.judge,
        rubric=opened.rubric,
        versions=opened.versions,
        limits=opened.parse_limits,
        max_tokens=min(LONGEST_CHUNK_TOKENS, embedder.max_tokens),
    )


def _table(timings: list[Timing]) -> Table:
    table = Table("part", "seconds", "", "per second", "", "ratio", box=None, header_style="dim")
    for t in timings:
        ratio = f"{t.ratio:.2f} × {t.reference}" if t.reference else ""
        table.add_row(t.part, f"{t.seconds:.2f}", f"{t.units} {t.unit}", f"{t.per_second:.1f}", t.unit, ratio)
    return table
