"""Which task runs on which queue, and how long it may take: the table behind routes, limits and roles."""

from dataclasses import dataclass

from esg.settings import VISIBILITY_TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue; at `soft_seconds` its task is told to stop, at `hard_seconds` its process is killed.

    LIMITS has the limits of each task: some are given more.
    """

    name: str
    tasks: tuple[str, ...]
    soft_seconds: int
    hard_seconds: int


QUEUES = (
    # fetch and parse have limits of their own (60 s, 600 s) that end in a reason; these are the net below
    Queue("ingest", ("ingest.source", "ingest.document", "ingest.sources", "ingest.scan"), 690, 720),
    Queue("embed", ("embed.batch",), 120, 180),
    Queue(
        "index",
        ("index.document", "etl.inbox", "etl.gold", "etl.compact", "etl.expire", "etl.retention"),
        120,
        180,
    ),
    Queue("score", ("score.document", "score.company", "score.nightly"), 240, 300),
    Queue("control", ("control.dispatch", "control.sweep", "control.canary", "control.clock"), 30, 60),
)

_OVER_ALL = dict.fromkeys(("etl.gold", "etl.compact", "etl.expire", "etl.retention"), (690, 720))

LIMITS = {
    task: (queue.soft_seconds, queue.hard_seconds) for queue in QUEUES for task in queue.tasks
} | _OVER_ALL  # these go over all that is known, which grows

# A task that outlived half the visibility timeout would be delivered again while it runs (FLEET §0.4).
if any(2 * hard >= VISIBILITY_TIMEOUT_SECONDS for _, hard in LIMITS.values()):
    raise AssertionError("a hard limit must stay under half the visibility timeout")

QUEUE_OF = {task: queue.name for queue in QUEUES for task in queue.tasks}
STAGES = ("ingest", "embed", "index", "score")
