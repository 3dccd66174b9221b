"""W3C trace context: continue what is valid, begin anew where it is not."""

import re

import pytest

from api.traces import take

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_valid_trace_is_continued_in_a_new_span() -> None:
    trace = take(PARENT)
    assert trace.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert trace.span_id != "b7ad6b7169203331"
    assert trace.traceparent == f"00-{trace.trace_id}-{trace.span_id}-01"


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert take(f"cc-{PARENT[3:]}-more").trace_id == PARENT[3:35]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        PARENT.upper(),
        "ff" + PARENT[2:],
        PARENT + "-more",
        PARENT + "\r\nX-Evil: 1",
    ],
)
def test_anything_else_begins_a_trace(header: str) -> None:
    trace = take(header)
    assert trace.trace_id != PARENT[3:35]
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace.traceparent)
