"""W3C traceparents: begun, read, and the span ids that are known without asking."""

import hashlib
import secrets

RATIO_BITS = 64  # of the trace id, as OpenTelemetry's own ratio sampler reads them


def begin(ratio: float = 1.0) -> str:
    """Begin a lineage for what came without one; so many of all traces are sampled."""
    trace = secrets.token_bytes(16)
    is_sampled = int.from_bytes(trace[8:]) < ratio * 2**RATIO_BITS
    return f"00-{trace.hex()}-{secrets.token_hex(8)}-{int(is_sampled):02x}"


def trace_id(traceparent: str) -> str:
    """Give the 32 digits of the trace; "" where there is none."""
    _, _, rest = traceparent.partition("-")
    return rest.partition("-")[0]


def span_id_of(unit: str, epoch: int) -> str:
    """Name the span of one attempt at a stage run: whoever knows the row can link to it."""
    return hashlib.sha256(f"{unit}:{epoch}".encode()).hexdigest()[:16]


def attempt_of(traceparent: str, unit: str, epoch: int) -> str:
    """Give the traceparent of one attempt at a stage run of that trace, sampled as the trace is."""
    return f"00-{trace_id(traceparent)}-{span_id_of(unit, epoch)}-{traceparent[-2:]}"
