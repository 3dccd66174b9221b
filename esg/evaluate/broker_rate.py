"""How many commands a second one Redis takes, by the processor time that it spends on a fleet's messages.

Redis works on one thread, so what it takes is one second over the seconds of a command, whatever else the
machine does and however slow its clients are.
"""

import json
from dataclasses import dataclass

import redis

_EVENTS = 3  # received, started, succeeded
_BODY = json.dumps({"body": "x" * 700, "headers": {}, "properties": {}})  # under 1 KiB, as hints are


@dataclass(frozen=True, slots=True)
class BrokerRate:
    """`seconds` are of the server's processor time."""

    messages: int
    commands: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.commands / self.seconds


def measure(client: redis.Redis, *, messages: int) -> BrokerRate:
    """Send, take and acknowledge messages as kombu does, with the events that Flower is sent."""
    before = _spent(client)
    for number in range(messages):
        _message(client, f"bench-{number}")
    after = _spent(client)
    return BrokerRate(messages, int(after[1] - before[1]), after[0] - before[0])


def _message(client: redis.Redis, tag: str) -> None:
    client.lpush("bench", _BODY)
    client.brpop(["bench"], timeout=1)
    with client.pipeline() as taken:
        taken.zadd("bench.index", {tag: 1})
        taken.hset("bench.unacked", tag, _BODY)
        taken.execute()
    for _ in range(_EVENTS):
        client.publish("bench.events", _BODY)
    with client.pipeline() as done:
        done.zrem("bench.index", tag)
        done.hdel("bench.unacked", tag)
        done.execute()


def _spent(client: redis.Redis) -> tuple[float, int]:
    cpu = client.info("cpu")
    seconds = float(cpu["used_cpu_user"]) + float(cpu["used_cpu_sys"])
    return seconds, int(client.info("stats")["total_commands_processed"])
