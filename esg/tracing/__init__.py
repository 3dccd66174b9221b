"""What happens → spans (OpenTelemetry), where tracing is on; else all here does nothing and imports nothing.

A process that wants spans calls `start` once, after any fork. Whoever works asks for a `span`; a part that
does input or output is handed on as `watched`, a request to somebody else is made while `asking`. Ids travel
as W3C traceparents: in job and stage run rows, in the headers of messages and of requests, in and out. What a
span may say is in `attributes.py`, and nothing else leaves.
"""

from esg.tracing.outgoing import asking
from esg.tracing.parts import watched
from esg.tracing.process import Exporting, current, flush, is_on, provider, start
from esg.tracing.spans import Span, here, record, span
from esg.tracing.traceparent import attempt_of, begin, span_id_of, trace_id

__all__ = [
    "Exporting",
    "Span",
    "asking",
    "attempt_of",
    "begin",
    "current",
    "flush",
    "here",
    "is_on",
    "provider",
    "record",
    "span",
    "span_id_of",
    "start",
    "trace_id",
    "watched",
]
