"""What is asked of a database, as its driver sees it: statements, transactions and the time of both."""

import time
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine


@dataclass(frozen=True, slots=True)
class Asked:
    """Totals since the tally began."""

    statements: int = 0
    transactions: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(
            self.statements + other.statements,
            self.transactions + other.transactions,
            self.seconds + other.seconds,
        )

    def __sub__(self, other: "Asked") -> "Asked":
        return self + Asked(-other.statements, -other.transactions, -other.seconds)


class SqlTally:
    """Listens to an engine from its making on; of one thread's work."""

    def __init__(self, engine: Engine) -> None:
        self.asked = Asked()
        self._began = 0.0
        sa.event.listen(engine, "before_cursor_execute", self._before)
        sa.event.listen(engine, "after_cursor_execute", self._after)
        sa.event.listen(engine, "commit", self._commit)

    def _before(self, *_: Any) -> None:
        self._began = time.perf_counter()

    def _after(self, *_: Any) -> None:
        seconds = self.asked.seconds + time.perf_counter() - self._began
        self.asked = replace(self.asked, statements=self.asked.statements + 1, seconds=seconds)

    def _commit(self, *_: Any) -> None:
        self.asked = replace(self.asked, transactions=self.asked.transactions + 1)
