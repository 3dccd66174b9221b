"""What a span may say, which are kept, and what tracing costs where it is off: nothing."""

from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, TraceFlags, Tracer

from esg import tracing
from esg.state.spans import summary
from esg.tracing.errors_kept import ErrorsKept
from esg.tracing.sampler import RecordAll

TRACES = 2000


def traced(ratio: float) -> tuple[Tracer, InMemorySpanExporter, TracerProvider]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(sampler=RecordAll(ratio))
    provider.add_span_processor(ErrorsKept(exporter))
    return provider.get_tracer("test"), exporter, provider


def told(exporter: InMemorySpanExporter, provider: TracerProvider) -> Sequence[ReadableSpan]:
    provider.force_flush()
    return exporter.get_finished_spans()


def test_what_is_not_allowed_is_dropped_whoever_says_it() -> None:
    tracer, exporter, provider = traced(1.0)
    with tracer.start_as_current_span("work") as span:
        span.set_attributes(
            {"esg.stage": "ingest", "celery.args": "a sentence", "db.statement": "a sentence"}
        )
        span.add_event("log", {"message": "a sentence"})
        span.record_exception(KeyError("a sentence"))
        span.set_status(StatusCode.ERROR, "a sentence")

    (span_told,) = told(exporter, provider)
    assert span_told.attributes == {"esg.stage": "ingest"}
    assert span_told.events == ()
    assert span_told.status.description is None
    assert span_told.status.status_code is StatusCode.ERROR
    assert "sentence" not in span_told.to_json()


@pytest.mark.parametrize("ends_badly", [True, False])
def test_an_unsampled_trace_is_told_with_all_its_spans_only_if_it_ended_badly(ends_badly: bool) -> None:
    tracer, exporter, provider = traced(0.0)
    with tracer.start_as_current_span("root") as root:
        with tracer.start_as_current_span("inner"), tracer.start_as_current_span("innermost"):
            pass
        if ends_badly:
            root.set_status(StatusCode.ERROR)

    spans = told(exporter, provider)
    assert [span.name for span in spans] == (["innermost", "inner", "root"] if ends_badly else [])
    assert all(span.context and span.context.trace_flags & TraceFlags.SAMPLED for span in spans)


def test_a_failure_inside_that_the_work_got_over_keeps_nothing() -> None:
    tracer, exporter, provider = traced(0.0)
    with tracer.start_as_current_span("root"), tracer.start_as_current_span("inner") as inner:
        inner.set_status(StatusCode.ERROR)
    assert told(exporter, provider) == ()


def test_housekeeping_that_belongs_to_no_submission_is_not_told() -> None:
    tracer, exporter, provider = traced(1.0)
    for name in ("run/control.sweep", "run/etl.inbox", "run/ingest.document"):
        with tracer.start_as_current_span(name), tracer.start_as_current_span("inside"):
            pass
    assert {span.name for span in told(exporter, provider)} == {"run/ingest.document", "inside"}
    assert len(told(exporter, provider)) == 2


def test_a_ratio_keeps_about_that_share_of_traces_begun_here() -> None:
    kept = sum(tracing.begin(0.25).endswith("-01") for _ in range(TRACES))
    assert 0.2 < kept / TRACES < 0.3
    assert tracing.begin(1.0).endswith("-01")
    assert tracing.begin(0.0).endswith("-00")


def test_an_attempt_has_an_id_that_is_known_without_asking() -> None:
    assert tracing.span_id_of("a", 1) == tracing.span_id_of("a", 1)
    assert len({tracing.span_id_of("a", 1), tracing.span_id_of("a", 2), tracing.span_id_of("b", 1)}) == 3


def test_nothing_happens_where_tracing_is_off() -> None:
    class Part:
        def read(self, key: str) -> str:
            return key

    part = tracing.watched(Part(), "part", ("read",))
    with tracing.span("work") as span:
        span.say({"esg.stage": "ingest"})
        span.fail("x")
        assert (part.read("k"), span.traceparent, tracing.current()) == ("k", "", "")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT a FROM stage_runs WHERE id = 'secret'", ("SELECT", "stage_runs")),
        ("INSERT INTO jobs (id) VALUES (?)", ("INSERT", "jobs")),
        ('UPDATE "runs" SET a=1', ("UPDATE", "runs")),
        ("PRAGMA synchronous=FULL", ("PRAGMA", "")),
        ("BEGIN IMMEDIATE", ("BEGIN", "")),
        ("", ("", "")),
    ],
)
def test_a_statement_is_told_by_its_operation_and_table(statement: str, expected: tuple[str, str]) -> None:
    assert summary(statement) == expected
