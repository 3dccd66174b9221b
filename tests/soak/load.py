"""The same reports again and again, each time as a document that the engine has not seen.

A comment behind the end of the file changes the bytes, and so the document's id, but nothing that is read:
everything is done anew, from fetching to gold. A forced re-score would read pages and chunks of before out
of the lake.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HTML = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True)
class Copy:
    """A report's file as its `turn`-th document."""

    report: Path
    turn: int
    path: Path


def copies(reports: Sequence[Path], folder: Path) -> Iterator[Copy]:
    """Write one after the other, without end; whoever is done with a file removes it."""
    for turn in itertools.count(1):
        for report in reports:
            path = folder / f"{report.stem}-{turn}{report.suffix}"
            path.write_bytes(report.read_bytes() + comment(report, turn))
            yield Copy(report, turn, path)


def comment(report: Path, turn: int) -> bytes:
    """Bytes that a reader of the report's format skips."""
    said = f"soak {turn}"
    return f"\n<!-- {said} -->\n".encode() if report.suffix.lower() in HTML else f"\n% {said}\n".encode()
