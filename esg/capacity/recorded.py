"""A measured run of a fleet, without a word of what it read: documents by number, stage runs by seconds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from esg.errors import Misconfigured

FORMAT = "esg.recorded-run/2"
ROLES = ("ingest", "embed", "index", "score")  # in the order of the flow


@dataclass(frozen=True, slots=True)
class Paper:
    """What of a document decides how long it takes."""

    pages: int
    ocr_pages: int  # of these, read with the help of their pictures
    ocr_letters: int  # that were read from pictures, and not from a text layer that was deciphered
    chunks: int
    batches: int
    language: str  # "" where it is not known


@dataclass(frozen=True, slots=True)
class Run:
    """A stage run that was done; seconds since the first submission."""

    document: int  # place in `Recorded.papers`
    role: str
    batch: int
    tokens: int  # of the chunks that it embedded; of other stages those of the document
    ready: float  # when what it waited for was done
    started: float
    finished: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run of a whole fleet on one machine, from the first submission to the last scorecard."""

    processors: int
    papers: tuple[Paper, ...]
    runs: tuple[Run, ...]
    about: Mapping[str, Any] = field(default_factory=dict)  # machine, commit and command, for a reader

    @property
    def seconds(self) -> float:
        """From the moment the first stage run was taken to the end of the last one."""
        return max(run.finished for run in self.runs) - min(run.started for run in self.runs)

    def of_role(self, role: str) -> list[Run]:
        """Its stage runs, in the order they were taken."""
        return sorted((run for run in self.runs if run.role == role), key=lambda run: run.started)

    def to_json(self) -> str:
        """Lay out one document and one stage run a line, seconds to the millisecond."""
        papers = ",\n".join(f"  {json.dumps(list(asdict(paper).values()))}" for paper in self.papers)
        runs = ",\n".join(f"  {json.dumps(_rounded(asdict(run).values()))}" for run in self.runs)
        head = json.dumps({"format": FORMAT, "processors": self.processors, "about": dict(self.about)})[:-1]
        return f'{head},\n "papers": [\n{papers}\n ],\n "runs": [\n{runs}\n ]}}\n'


def read(path: Path | None = None) -> Recorded:
    """Read a recorded run, by default the one this package ships; raises Misconfigured for another file."""
    source = path or files("esg.capacity") / "data" / "reports.json"
    try:
        found = json.loads(source.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise ValueError(f"its format is {found['format']}")
        papers = tuple(Paper(*paper) for paper in found["papers"])
        runs = tuple(Run(*run) for run in found["runs"])
        return Recorded(found["processors"], papers, runs, found["about"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(
            f"{source} is no recorded run: {error}.", next_step="Make one: esg capacity --record FILE"
        ) from error


def _rounded(values: Sequence[Any] | Any) -> list[Any]:
    return [round(value, 3) if isinstance(value, float) else value for value in values]
