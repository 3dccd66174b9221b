"""What a run of chaos, soak, fuzzing or attacks found, as `docs/reliability.md` includes it.

One JSON file a section: docs/reliability/SECTION.json. `figures` are what a reader asks first; each of
`tables` is a list of rows with the same keys. Numbers are numbers, so that another program can compare two
files.
"""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "docs" / "reliability"
Value = str | int | float | bool
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Record:
    """The outcome of one command; `passed` is what its exit code says."""

    command: str
    passed: bool
    figures: Mapping[str, Value]
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    commit: str = field(default_factory=lambda: _commit())
    machine: str = field(default_factory=lambda: _machine())

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def told(self) -> str:
        """The figures and tables for a terminal."""
        lines = [f"{name}: {value}" for name, value in self.figures.items()]
        for title, rows in self.tables.items():
            lines += ["", title, *_aligned(rows)]
        return "\n".join(lines)


def _aligned(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(cells[0]))]
    return [
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


def _machine() -> str:
    memory = psutil.virtual_memory().total / 1024**3
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {_processor()}"


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
