"""What is asked of a database, as its driver sees it: statements, transactions and the time of both."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

_BEGAN = "esg_tally_began"


@dataclass(frozen=True, slots=True)
class Asked:
    """Statements without BEGIN and PRAGMA; `seconds` that callers waited for them."""

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
    """Listens to an engine until it is closed; `asked` is the total since its making, of all threads."""

    def __init__(self, engine: Engine) -> None:
        self.asked = Asked()
        self._lock = threading.Lock()
        self._engine = engine
        self._heard: dict[str, Callable[..., None]] = {
            "before_cursor_execute": self._before,
            "after_cursor_execute": self._after,
            "commit": self._commit,
        }
        for event, hear in self._heard.items():
            sa.event.listen(engine, event, hear)

    def close(self) -> None:
        for event, hear in self._heard.items():
            sa.event.remove(self._engine, event, hear)

    def _before(self, connection: Connection, *_: Any) -> None:
        connection.info[_BEGAN] = time.perf_counter()

    def _after(self, connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
        seconds = time.perf_counter() - connection.info[_BEGAN]
        self._add(Asked(int(not statement.startswith(("BEGIN", "PRAGMA"))), 0, seconds))

    def _commit(self, _connection: Connection) -> None:
        self._add(Asked(0, 1))

    def _add(self, asked: Asked) -> None:
        with self._lock:
            self.asked += asked
