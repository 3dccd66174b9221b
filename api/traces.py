"""W3C trace context: continue the caller's trace or begin one."""

import re
import secrets
from typing import NamedTuple

from esg import tracing

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


class Trace(NamedTuple):
    trace_id: str  # 32 hexadecimal digits
    span_id: str  # 16, of this request
    flags: str = "01"

    @property
    def is_sampled(self) -> bool:
        return bool(int(self.flags, 16) & 1)

    @property
    def traceparent(self) -> str:
        """What whoever works for this request continues."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def take(traceparent: str, *, ratio: float = 1.0) -> Trace:
    """Continue a `traceparent` header's trace in a new span; where it holds none that is valid, begin one."""
    match = _TRACEPARENT.fullmatch(traceparent.strip())
    if match is None or not _is_valid(match):
        return of(tracing.begin(ratio))
    return Trace(match[2], secrets.token_hex(8), match[4])


def of(traceparent: str) -> Trace:
    """Read a traceparent of our own."""
    _, trace_id, span_id, flags = traceparent.split("-")
    return Trace(trace_id, span_id, flags)


def _is_valid(match: re.Match[str]) -> bool:
    version, trace_id, parent_id, _, more = match.groups()
    if version == "ff" or (version == "00" and more):
        return False
    return trace_id.strip("0") != "" and parent_id.strip("0") != ""
