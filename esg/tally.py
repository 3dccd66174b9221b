"""What was asked of the service, for whoever counts: requests, tokens, seconds, by operation and outcome."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from threading import Lock

UNSEEN = 10_000  # durations kept of one operation, where nobody ever looks

Key = tuple[str, str]  # (operation, outcome) of requests; (operation, direction) of tokens


@dataclass
class Counts:
    """Sums since the last look."""

    requests: Counter[Key] = field(default_factory=Counter)
    tokens: Counter[Key] = field(default_factory=Counter)
    seconds: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(_latest))
    waited: float = 0.0


def _latest() -> deque[float]:
    return deque(maxlen=UNSEEN)


class Tally:
    """Threads add to it; `take` gives all that was added since it was last called, each once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = Counts()

    def add_request(self, operation: str, outcome: str, seconds: float) -> None:
        with self._lock:
            self._counts.requests[operation, outcome] += 1
            self._counts.seconds[operation].append(seconds)

    def add_tokens(self, operation: str, *, read: int, written: int) -> None:
        with self._lock:
            self._counts.tokens[operation, "read"] += read
            self._counts.tokens[operation, "written"] += written

    def add_waited(self, seconds: float) -> None:
        """Add what was waited for the limiter."""
        with self._lock:
            self._counts.waited += seconds

    def take(self) -> Counts:
        with self._lock:
            counts, self._counts = self._counts, Counts()
        return counts
