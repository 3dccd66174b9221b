"""What a deployment decides about the state machine; plain values, so that tests can bend them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from esg.state.retry import Budget

# and the roles of workers; tasks/queues.py has the tasks of each
QUEUES = ("ingest", "embed", "index", "score", "control")
DEPTH = (
    32  # hints given out per queue; the rest waits in SQL, where order and cancelling are free (FLEET §6.8)
)


@dataclass(frozen=True, slots=True)
class Policy:
    """`pipeline_version` and `rubric` name what a submission asks for when it does not say."""

    pipeline_version: str = ""
    rubric: str = ""
    lease_seconds: float = 20.0
    requeue_after_seconds: float = 30.0  # a hint this old may be lost; doubled each time it is given again
    take_seconds: float = 30.0  # how long a dispatcher may take to publish what it took from the outbox
    budget: Budget = field(default_factory=Budget)
    budgets: Mapping[str, Budget] = field(default_factory=dict)  # of tasks that have one of their own
    depth: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(QUEUES, DEPTH))
    trace_ratio: float = 1.0  # of the traces begun here, for submissions that bring none
