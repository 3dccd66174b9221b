"""How often and how long the service is asked again."""

import random
from collections.abc import Callable
from dataclasses import dataclass

BASE_SECONDS = 0.5
LONGEST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Patience:
    """`attempts` requests at most, each within `attempt_seconds`, no waiting beyond `seconds` in all."""

    attempts: int = 4
    seconds: float = 60.0
    attempt_seconds: float = 40.0

    def wait_seconds(
        self,
        attempt: int,
        *,
        asked: float | None,
        passed: float,
        jitter: Callable[[], float] = random.random,
    ) -> float | None:
        """Say how long to wait after failed attempt number `attempt` (from 1), or None to give up.

        What the service asks for is waited in full, plus a little, so that a herd does not come back at once;
        else full jitter over an exponential ceiling (AWS Architecture Blog, 2015).
        """
        ceiling = min(LONGEST_SECONDS, BASE_SECONDS * 2.0 ** (attempt - 1))
        wait = ceiling * jitter() if asked is None else asked + BASE_SECONDS * jitter()
        return None if attempt >= self.attempts or passed + wait > self.seconds else wait
