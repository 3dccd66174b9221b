"""What a second worker brings where the time goes: two of `embed` on a core each beside one on one."""

import os
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from esg.evaluate.bench.fleet import Fleet
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.bench.rounds import OnTurn, by_turns

SECOND_WORKER = Bar(1.8)
NOTES = (
    "The reports are ingested first; then one worker on one core, or two on a core each, from the first "
    "claim to the last commit of their tasks. A worker has a thread for each core that it may use.",
)
SPAN = "SELECT min(started_at), max(finished_at) FROM stage_runs WHERE task = 'embed.batch'"
INGESTED = "SELECT count(*) FROM stage_runs WHERE task = 'ingest.document' AND state = 'done'"
LEFT = "SELECT count(*) FROM stage_runs WHERE task = 'embed.batch' AND state <> 'done'"


def bench_workers(paths: Sequence[Path], *, rounds: int, on_turn: OnTurn = print) -> Result:
    """Let one worker and two embed the reports at `paths` by turns, `rounds` times and once before."""
    machine = this_machine()
    longest_first = sorted(paths, key=lambda path: -path.stat().st_size)
    cores = sorted(os.sched_getaffinity(0))
    measures = {
        "one embed worker": lambda: _embedding(longest_first, cores[:1]),
        "two embed workers": lambda: _embedding(longest_first, cores[:2]),
    }
    walls = by_turns(measures, rounds=rounds, on_turn=on_turn)
    pairs = zip(walls["one embed worker"], walls["two embed workers"], strict=True)
    bar = SECOND_WORKER if len(cores) > 1 else None
    figures = [Figure(name, "s", tuple(found)) for name, found in walls.items()]
    figures.append(Figure("two embed workers / one", "×", tuple(one / two for one, two in pairs), bar))
    return Result("workers", machine, {path.name: 0 for path in paths}, rounds, tuple(figures), notes=NOTES)


def _embedding(paths: Sequence[Path], cores: Sequence[int]) -> float:
    with tempfile.TemporaryDirectory() as home, Fleet(Path(home)) as fleet:
        for path in paths:
            fleet.state.submit(str(path))
        fleet.start("ingest")
        fleet.wait(lambda: _asked(fleet, INGESTED) == len(paths), "ingest", "the reports to be read")
        fleet.stop("ingest")
        names = [f"embed-{core}" for core in cores]
        for name, core in zip(names, cores, strict=True):
            fleet.start("embed", name=name, core=core)
        fleet.wait(lambda: not _asked(fleet, LEFT), names[0], "all to be embedded")
        with fleet.state.engine.connect() as connection:
            first, last = connection.execute(sa.text(SPAN)).one()
        return (datetime.fromisoformat(str(last)) - datetime.fromisoformat(str(first))).total_seconds()


def _asked(fleet: Fleet, query: str) -> int:
    with fleet.state.engine.connect() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())
