"""How many stage runs a second a database takes, and what each asks of it."""

from collections.abc import Iterator, Sequence

from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Figure, Result
from esg.evaluate.bench.rounds import OnTurn
from esg.evaluate.state_rate import StateRate, measure
from esg.state import State


def bench_state(
    state: State, *, documents: int, batches: int, threads: int, rounds: int, on_turn: OnTurn = print
) -> Result:
    """Submit so many documents a round to a database that is empty before the first, and work them off."""
    machine = this_machine()
    found = []
    for number in range(rounds + 1):
        on_turn(f"round {number} of {rounds}")
        found.append(
            measure(state, documents=documents, batches=batches, threads=threads, first=number * documents)
        )
    notes = (
        f"{documents:,} documents a round, each of {batches} batches, worked off by {threads} threads of "
        "one process with empty bodies (esg/evaluate/state_rate.py); the database is "
        f"{state.engine.dialect.name}.",
    )
    return Result("state", machine, {}, rounds, tuple(_figures(found[1:])), notes=notes)


def _figures(found: Sequence[StateRate]) -> Iterator[Figure]:
    yield Figure("stage runs", "a second", tuple(rate.per_second for rate in found))
    for what in found[0].asked:
        asked = [(rate.asked[what], rate.times[what]) for rate in found]
        yield Figure(f"a {what}", "statements", tuple(a.statements / times for a, times in asked))
        yield Figure(f"a {what}", "transactions", tuple(a.transactions / times for a, times in asked))
