"""Where: the roles of the fleet as a table, and what the worker of each is made with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from esg.cores import cores


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of worker process: its queues, how it runs them, and when a child is replaced by a fresh one."""

    queues: tuple[str, ...]
    pool: Literal["prefork", "threads"] = "prefork"
    concurrency: int = 1
    max_memory_kib: int | None = None  # looked at after each task
    max_tasks: int | None = None  # a leak in a parser ends with its process
    events: bool = True  # for Flower: 0.8 ms a task (FLEET §4.1), where a task takes 50 ms and more


CORES = cores()
GIB = 1024 * 1024

ROLES: Mapping[str, Role] = {
    # A child waits while its parser, a process of its own, reads. Fewer than a parser for each core leave a
    # core idle, once embedding is faster than reading.
    "ingest": Role(("ingest",), concurrency=CORES, max_memory_kib=GIB + GIB // 2, max_tasks=200),
    # One process: the embedder has a thread for each core, and a second model in memory buys nothing.
    "embed": Role(("embed",), max_memory_kib=3 * GIB),
    # The only writer of gold.
    "index": Role(("index",), max_memory_kib=2 * GIB, max_tasks=1000),
    "score": Role(("score",), concurrency=max(1, CORES // 2), max_memory_kib=2 * GIB, max_tasks=500),
    # Short and SQL alone; its many small tasks are not worth an event each.
    "control": Role(("control",), pool="threads", concurrency=4, events=False),
}

REMOTE_JUDGES = frozenset({"watsonx"})  # whose answers a worker waits for


def role_of(name: str, *, judge: str) -> Role:
    """The role as it runs with a judge: where scoring waits for a remote one, others work meanwhile.

    Not in threads: these know no time limit and give nothing back when told to stop
    (docs/adr/a-model-proposes-the-rubric-decides.md).
    """
    role = ROLES[name]
    waits = name == "score" and judge in REMOTE_JUDGES
    return replace(role, concurrency=2 * role.concurrency) if waits else role


def options(name: str, *, node: str, judge: str = "local", log_level: str = "INFO") -> dict[str, Any]:
    """What Celery's Worker is made with for a role; `node` is its unique name, host included."""
    role = role_of(name, judge=judge)
    return {
        "hostname": node,
        "queues": ",".join(role.queues),
        "pool_cls": role.pool,
        "concurrency": role.concurrency,
        "max_memory_per_child": role.max_memory_kib,
        "max_tasks_per_child": role.max_tasks,
        "task_events": role.events,
        "loglevel": log_level,
        "quiet": True,  # no banner among the log's JSON lines
        "without_gossip": True,  # workers need not know each other: the chatter grows with their square
        "without_mingle": True,
    }
