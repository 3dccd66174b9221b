"""documents → how long it takes to score them again, from silver and with everything read anew, side by side.

Both ways take turns, document by document, so that whatever else the machine does weighs on both alike.
"""

import re
import shutil
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from esg.domain import Document
from esg.rubric.read import locate

Score = Callable[[Document], bytes]  # document → canonical scorecard


@dataclass(frozen=True, slots=True)
class Rescored:
    """Medians over the rounds of what all documents took, in CPU seconds; `first` was once."""

    documents: int
    pages: int
    first: float  # scoring what was just read, by the rubric as shipped: figures read, terms counted
    again: float
    naive: float
    is_same: bool  # whether both ways gave the same bytes in every round

    @property
    def ratio(self) -> float:
        return self.naive / self.again if self.again else 0.0

    def to_dict(self) -> dict[str, float | int | bool]:
        return {
            "documents": self.documents,
            "pages": self.pages,
            "first_seconds": self.first,
            "again_seconds": self.again,
            "naive_seconds": self.naive,
            "ratio": self.ratio,
            "again_ms_per_document": 1000 * self.again / self.documents,
            "again_ms_per_page": 1000 * self.again / max(1, self.pages),
            "naive_ms_per_document": 1000 * self.naive / self.documents,
            "same_bytes": self.is_same,
        }


def bench_rescore(
    documents: Sequence[Document], *, first: Score, again: Score, naive: Score, rounds: int
) -> Rescored:
    """Score each document once, then by a changed rubric in both ways, `rounds` times and once to warm up."""
    filled = sum(_timed(first, document)[0] for document in documents)
    rounded = [_round(documents, again, naive, swap=bool(number % 2)) for number in range(rounds + 1)]
    times = rounded[1:]
    return Rescored(
        documents=len(documents),
        pages=sum(document.pages for document in documents),
        first=filled,
        again=median(again for again, _, _ in times),
        naive=median(naive for _, naive, _ in times),
        is_same=all(is_same for _, _, is_same in rounded),
    )


def changed_rubric(id_or_path: str, folder: Path) -> Path:
    """Copy a rubric into a folder with the weight of one criterion changed; returns the copy's path."""
    source = locate(id_or_path)
    copy = folder / source.name
    (shutil.copytree if source.is_dir() else shutil.copy)(source, copy)
    for file in sorted(copy.glob("*.toml")) if copy.is_dir() else [copy]:
        text = file.read_text(encoding="utf-8")
        if name := _without_weight(text):
            pattern = rf'(?m)^id\s*=\s*["\']{re.escape(name)}["\']'
            file.write_text(re.sub(pattern, r"\g<0>\nweight = 3.0", text, count=1), encoding="utf-8")
            return copy
    return copy


def _without_weight(text: str) -> str | None:
    """Name the first criterion of a file that leaves its weight at 1."""
    criteria = (c for theme in tomllib.loads(text).get("theme", []) for c in theme["criterion"])
    return next((c["id"] for c in criteria if "weight" not in c), None)


def _round(
    documents: Sequence[Document], again: Score, naive: Score, *, swap: bool
) -> tuple[float, float, bool]:
    """Seconds of both ways over all documents, and whether they agree; `swap`: the naive way goes first."""
    total, is_same = [0.0, 0.0], True
    for document in documents:
        ways = [(0, again), (1, naive)]
        made = {}
        for place, way in reversed(ways) if swap else ways:
            seconds, made[place] = _timed(way, document)
            total[place] += seconds
        is_same &= made[0] == made[1]
    return total[0], total[1], is_same


def _timed(way: Score, document: Document) -> tuple[float, bytes]:
    started = time.process_time()
    made = way(document)
    return time.process_time() - started, made
