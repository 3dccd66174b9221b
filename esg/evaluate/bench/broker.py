"""How many commands a second one Redis takes."""

import redis

from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Figure, Result
from esg.evaluate.bench.rounds import OnTurn
from esg.evaluate.broker_rate import measure

NOTES = (
    "By the processor time that a Redis of its own spends on messages sent, taken and acknowledged as kombu "
    "does it, with the events for Flower (esg/evaluate/broker_rate.py): it works on one thread.",
)


def bench_broker(client: redis.Redis, *, messages: int, rounds: int, on_turn: OnTurn = print) -> Result:
    """Send so many messages a round, and tell what they cost the server."""
    machine = this_machine()
    found = []
    for number in range(rounds + 1):
        on_turn(f"round {number} of {rounds}")
        found.append(measure(client, messages=messages))
    counted = found[1:]
    figures = (
        Figure("one Redis", "commands/s", tuple(rate.per_second for rate in counted)),
        Figure("a command", "µs of CPU", tuple(1e6 * rate.seconds / rate.commands for rate in counted)),
        Figure("a message", "commands", tuple(rate.commands / rate.messages for rate in counted)),
    )
    return Result("broker", machine, {}, rounds, figures, notes=NOTES)
