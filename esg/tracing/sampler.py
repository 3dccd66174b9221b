"""Which spans are kept: as the parent says, else a share of all traces; the others are recorded all the same.

A span that is recorded and not sampled costs memory alone; `errors_kept.py` decides at its end.
"""

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import (
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Link, SpanKind, TraceState, get_current_span
from opentelemetry.util.types import Attributes

HOUSEKEEPING = ("run/control.", "run/etl.inbox")  # every few seconds, of nobody's submission


class RecordAll(Sampler):
    """Parent-based with a ratio for roots; unsampled spans are recorded, roots of housekeeping are not."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        self._decide = ParentBased(TraceIdRatioBased(ratio))

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        parent = get_current_span(parent_context).get_span_context()
        if not parent.is_valid and name.startswith(HOUSEKEEPING):
            return SamplingResult(Decision.DROP)
        result = self._decide.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )
        decision = result.decision if result.decision is Decision.RECORD_AND_SAMPLE else Decision.RECORD_ONLY
        return SamplingResult(decision, attributes, result.trace_state)

    def get_description(self) -> str:
        return f"RecordAll{{{self._ratio}}}"
