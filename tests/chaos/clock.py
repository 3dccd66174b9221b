"""The wall clock of a fleet's processes, turned from outside: `shifted_clock.c`, preloaded into each."""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.fleets import ROOT

LIBRARY = ROOT / ".venv" / "lib" / "shifted_clock.so"  # made by `make .venv/lib/shifted_clock.so`


@dataclass(frozen=True, slots=True)
class Clock:
    """One machine's: all processes that have its variables see the same time."""

    file: Path

    @classmethod
    def begin(cls, folder: Path) -> "Clock":
        """Make one that is right; raises FileNotFoundError where the library was not built."""
        if not LIBRARY.exists():
            raise FileNotFoundError(f"{LIBRARY} is missing: run `make {LIBRARY.relative_to(ROOT)}`")
        clock = cls(folder / "clock")
        clock.file.write_bytes(struct.pack("<q", 0))
        return clock

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(LIBRARY), "SHIFTED_CLOCK": str(self.file)}

    def turn(self, seconds: int) -> None:
        """Let it be so far ahead of the true time, in one step as `date --set` does; below 0 behind."""
        with self.file.open("r+b", buffering=0) as file:
            os.pwrite(file.fileno(), struct.pack("<q", seconds), 0)
