"""`esg bench`: how fast each stage is here, beside plain references measured in the same run."""

import click

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
from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.cli.options import rounds_option
from esg.evaluate.bench.stages import Parts, bench_stages
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

    Beside peers: `report`, `extract`, `embed`. The fleet: `overhead`, `workers`, `dispatch`, `start`, `api`,
    `growth`. Ours alone: `stages` (also without that word), `retrieve`, `rescore`, `search`, `profile`. What
    it asks of servers: `state` (SQL), `broker` (Redis). `cache` tells how many vectors a shared cache saves.
    Compare ratios: seconds depend on the machine and on who else uses it.
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
command.add_command(bench_fleet.workers_command)
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
    with measuring() as on_turn:
        named = [path for source in sources for path in fetch.expand_asked(source)]
        documents = [fetch.fetch(name, limits=opened.fetch_limits) for name in named]
        found = bench_stages(documents, _parts(opened), rounds=rounds, on_turn=on_turn)
    tell(found, as_json=as_json)


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
