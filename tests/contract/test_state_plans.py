"""No query of the working day reads a whole table, as with 10,000 documents it would; on both databases."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from esg.domain import document_id
from esg.errors import Transient
from esg.state import Place, State, Unit, Wanted
from tests.fakes.little_fleet import LittleFleet

GROWING = "documents|runs|jobs|stage_runs|scorecards|dead_letters|requests"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCAN = {
    "sqlite": rf"SCAN ({GROWING})\b(?! USING)",
    "postgresql": rf"Seq Scan on ({GROWING})\b",  # with seq scans disabled: only where no index serves
}


def test_no_query_reads_a_whole_table(fleet: LittleFleet) -> None:
    state = fleet.state
    with _statements(state) as statements:
        _a_working_day(fleet)

    assert len(statements) > 40
    scans = {statement: plan for statement, plan in _plans(state, statements) if _is_scan(state, plan)}
    assert scans == {}


def _a_working_day(fleet: LittleFleet) -> None:
    state = fleet.state
    source = state.submit("acme.pdf", company="Acme", year=2024)
    fleet.run(until="index.document")
    fleet.submit("other.pdf")
    state.fail(fleet.claim(), ValueError("bug"))
    fleet.clock.turn(600)
    state.sweep()
    held = fleet.claim_all()
    for claimed in held:
        state.heartbeat(claimed)
        state.fail(claimed, Transient("busy")) if claimed.retries else state.release(claimed)
    fleet.clock.turn(600)
    state.sweep()
    fleet.claim_all()
    fleet.clock.turn(60)
    state.sweep()
    fleet.run()
    fleet.submit("acme.pdf", company="Other", force=True)
    state.enqueue(Unit("etl.gold", "today", {}))
    state.cancel(fleet.submit("third.pdf").id)
    _look_around(state, source.id)


def _look_around(state: State, job_id: str) -> None:
    acme = document_id(b"acme.pdf")
    state.job(job_id), state.jobs(), state.jobs(state="running")
    state.document(acme), state.documents(company="acme"), state.scorecards("acme"), state.scorecard_key(acme)
    state.dead_letters(), state.backlog(), state.oldest_seconds(), state.outbox_lag_seconds()
    wanted = Wanted("running", "acme", 2024, since=NOW, until=NOW, after=Place(NOW, acme))
    state.list_jobs(10, wanted), state.list_documents(10, wanted), state.companies(wanted)
    state.find_jobs([job_id]), state.begin_request("", "key", acme), state.answer_request("", "key", {})
    state.dead_letter_count(), state.hint_everything()


@contextmanager
def _statements(state: State) -> Iterator[dict[str, Any]]:
    """Collect what is asked, once each, with the parameters it was first asked with."""
    seen: dict[str, Any] = {}

    def see(
        _connection: object, _cursor: object, text: str, values: Any, _context: object, many: bool
    ) -> None:
        if text.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            seen.setdefault(text, values)

    sa.event.listen(state.engine, "before_cursor_execute", see)
    yield seen
    sa.event.remove(state.engine, "before_cursor_execute", see)


def _plans(state: State, statements: dict[str, Any]) -> Iterator[tuple[str, str]]:
    explain = "EXPLAIN QUERY PLAN " if state.engine.dialect.name == "sqlite" else "EXPLAIN "
    with state.engine.connect() as connection:
        if state.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
        for text, values in statements.items():
            rows = connection.exec_driver_sql(explain + text, values).all()
            yield text, "\n".join(str(row[-1]) for row in rows)


def _is_scan(state: State, plan: str) -> bool:
    return bool(re.search(SCAN[state.engine.dialect.name], plan))
