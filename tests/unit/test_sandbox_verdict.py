import signal

import pytest

from esg.errors import Rejected, Transient
from esg.extract.base import ParseLimits
from esg.extract.sandbox.inside import FAILED, OUT_OF_MEMORY, OUTPUT_TOO_BIG
from esg.extract.sandbox.verdict import Ending, reason

LIMITS = ParseLimits(timeout_seconds=5, memory_bytes=1000 * 1024**2)
NEARLY_ALL = 900 * 1024**2


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (Ending(-signal.SIGKILL, timed_out=True), "parser_timeout"),
        (Ending(0, timed_out=True), "parser_timeout"),
        (Ending(-signal.SIGXCPU), "parser_timeout"),
        (Ending(OUT_OF_MEMORY), "parser_memory"),
        (Ending(-signal.SIGKILL, peak_bytes=NEARLY_ALL), "parser_memory"),
        (Ending(-signal.SIGABRT, peak_bytes=NEARLY_ALL), "parser_memory"),
        (Ending(-signal.SIGSEGV, peak_bytes=NEARLY_ALL), "parser_memory"),
        (Ending(-signal.SIGSEGV, peak_bytes=1024**2), "parser_crashed"),
        (Ending(-signal.SIGABRT), "parser_crashed"),
        (Ending(-63), "parser_crashed"),
        (Ending(OUTPUT_TOO_BIG), "parser_output"),
        (Ending(-signal.SIGXFSZ), "parser_output"),
        (Ending(FAILED), "parser_failed"),
        (Ending(1), "parser_failed"),
    ],
)
def test_every_ending_has_its_reason(ending: Ending, code: str) -> None:
    refusal = reason(ending, LIMITS)

    assert isinstance(refusal, Rejected)
    assert refusal.code == code
    assert refusal.next_step


def test_no_document_is_blamed_for_a_parser_that_somebody_else_killed() -> None:
    why = reason(Ending(-signal.SIGKILL, peak_bytes=1024**2), LIMITS)

    assert isinstance(why, Transient)
    assert "ESG_PARSE_MEMORY_BYTES" in why.next_step


def test_limits_are_named_in_units_people_use() -> None:
    assert "5 seconds" in str(reason(Ending(0, timed_out=True), LIMITS))
    assert "1,000 MiB" in str(reason(Ending(OUT_OF_MEMORY), LIMITS))
    assert "SIGSEGV" in str(reason(Ending(-signal.SIGSEGV), LIMITS))
