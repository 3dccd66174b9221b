"""How a parser's process ended without a result → why its document is rejected, or tried again."""

import signal
from dataclasses import dataclass

from esg.errors import Rejected, Transient
from esg.extract.base import ParseLimits
from esg.extract.sandbox.inside import OUT_OF_MEMORY, OUTPUT_TOO_BIG

_OTHER_VERSION = "Open it, save it again as PDF (print to PDF) and send that."

_FULL = 0.75  # of the limit: the rest could not be had in one piece


@dataclass(frozen=True, slots=True)
class Ending:
    exit_code: int  # minus the signal's number where a signal ended it
    timed_out: bool = False
    peak_bytes: int = 0  # of address space, as far as it was seen


def reason(ending: Ending, limits: ParseLimits) -> Rejected | Transient:
    """Name the reason for an ending without a result.

    No limit of ours sends SIGKILL first: it comes from a kernel that is short of memory, or from a person.
    """
    if ending.timed_out or -ending.exit_code == signal.SIGXCPU:
        return Rejected(
            f"Reading it took longer than {limits.timeout_seconds:g} seconds and was stopped.",
            code="parser_timeout",
            next_step="Split it or save it again as PDF; ESG_PARSE_TIMEOUT_SECONDS raises the limit.",
        )
    if _was_out_of_memory(ending, limits):
        return Rejected(
            f"Reading it needs more than {limits.memory_bytes / 1024**2:,.0f} MiB of memory and was stopped.",
            code="parser_memory",
            next_step="Split it or save it again as PDF; ESG_PARSE_MEMORY_BYTES raises the limit.",
        )
    if ending.exit_code == -signal.SIGKILL:
        return Transient(
            "Its parser was killed from outside (SIGKILL), as the kernel does when memory is short.",
            next_step="Give the worker more memory, or a parser less: ESG_PARSE_MEMORY_BYTES.",
        )
    if ending.exit_code == OUTPUT_TOO_BIG or -ending.exit_code == signal.SIGXFSZ:
        return Rejected(
            "What was read from it grew too big and was stopped.",
            code="parser_output",
            next_step=_OTHER_VERSION,
        )
    if ending.exit_code < 0:
        return Rejected(
            f"It crashed the parser ({_name(-ending.exit_code)}).",
            code="parser_crashed",
            next_step=_OTHER_VERSION,
        )
    return Rejected(
        "The parser failed on it; the traceback is in the log.",
        code="parser_failed",
        next_step=_OTHER_VERSION,
    )


def _was_out_of_memory(ending: Ending, limits: ParseLimits) -> bool:
    """Parsers in C crash where they get no memory."""
    crashed_full = ending.exit_code < 0 and ending.peak_bytes > _FULL * limits.memory_bytes
    return ending.exit_code == OUT_OF_MEMORY or crashed_full


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
