"""Scorecards written to gold → a span for each in the trace of the submission that it came of.

Gold is written for all at once, in a trace of the task's own; these spans are what lets one trace lead from a
request to the rows that Trino reads.
"""

from collections.abc import Collection

import pyarrow as pa

from esg import tracing
from esg.state import State

MOST = 1000  # documents of one writing, the first night's apart


def tell(documents: pa.Table, written: Collection[str], started_ns: int, state: State) -> None:
    """Tell of the `written` scorecards, by their `trace_id`, below the attempt that made each."""
    if not tracing.is_on():
        return
    rows = documents.select(["trace_id", "document_id"]).to_pylist()
    ids = sorted({row["document_id"] for row in rows if row["trace_id"] in written})
    for scoring in state.scorings(ids[:MOST]) if ids else ():
        if not scoring.trace:
            continue
        attributes = {"esg.part": "gold", "esg.operation": "write", "esg.document_id": scoring.subject}
        tracing.record(
            "gold write",
            started_ns,
            parent=tracing.attempt_of(scoring.trace, scoring.id, scoring.epoch),
            attributes=attributes,
            links=[(tracing.current(), "written by")],
        )
