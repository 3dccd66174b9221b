"""How SQLite finds rows: a stage run's statements look at its own document, however many there are."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from esg.evaluate.state_rate import measure
from esg.state import Policy, State

LARGE = "runs|stage_runs|jobs|documents|scorecards|dead_letters"
BY_STATE_ALONE = re.compile(rf"SEARCH ({LARGE}) USING INDEX \S+ \(state=\?\)$")
ALL_ROWS = re.compile(rf"SCAN ({LARGE})$")
BUSY = "SELECT (SELECT count(*)"  # counts the leased, which are as many as there are workers
Plans = dict[str, list[str]]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State.open(f"sqlite:///{tmp_path / 'state.sqlite'}", Policy("p1", "maturity@1"))) as opened:
        yield opened


@contextmanager
def explained(engine: Engine) -> Iterator[Plans]:
    """The plan of each statement that is asked meanwhile."""
    plans: Plans = {}

    def explain(_: object, cursor: Any, statement: str, parameters: Any, *_others: object) -> None:
        if statement not in plans and statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            one = parameters[0] if isinstance(parameters, list) else parameters
            asked: sqlite3.Connection = cursor.connection
            plans[statement] = [row[3] for row in asked.execute(f"EXPLAIN QUERY PLAN {statement}", one)]

    sa.event.listen(engine, "before_cursor_execute", explain)
    yield plans
    sa.event.remove(engine, "before_cursor_execute", explain)


def wasteful(plans: Plans) -> dict[str, list[str]]:
    return {
        statement: plan
        for statement, plan in plans.items()
        if any(BY_STATE_ALONE.match(step) or ALL_ROWS.match(step) for step in plan)
        and not statement.startswith(BUSY)
    }


def test_no_stage_run_looks_at_other_documents(state: State) -> None:
    with explained(state.engine) as plans:
        found = measure(state, documents=3, batches=2, threads=1, first=0)

    assert found.stage_runs == 15
    assert len(plans) > 30
    assert any("runs.document_id = ?" in statement for statement in plans)
    assert wasteful(plans) == {}


@pytest.mark.parametrize(
    "ask",
    [
        lambda state: state.jobs(),
        lambda state: state.list_documents(50),
        lambda state: state.backlog(),
        lambda state: state.cancel("job"),
    ],
    ids=["jobs", "documents", "backlog", "cancel"],
)
def test_nor_does_what_people_ask(state: State, ask: Callable[[State], object]) -> None:
    state.submit("https://example.org/report.pdf", job_id="job")

    with explained(state.engine) as plans:
        ask(state)

    assert plans
    assert wasteful(plans) == {}
