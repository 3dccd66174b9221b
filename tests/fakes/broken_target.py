"""A target for the fuzzer to find out: it is taken in by three words."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.answer import Answer, Phase
from tests.hostile.case import Case, case
from tests.hostile.targets import Run

WORDS = {"good": "good", "raises": "raise", "dies": "die", "stays": "stay", "last": "good"}


def cases() -> Iterator[Case]:
    for name, word in WORDS.items():
        yield case(name, "the fuzzer itself", word)


def open_broken(folder: Path) -> Run:
    del folder
    return _taken_in


def _taken_in(data: bytes, phase: Phase) -> Answer:
    phase("take")
    if data == b"raise":
        raise KeyError("xref")
    if data == b"die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if data == b"stay":
        time.sleep(60)
    return "ok"
