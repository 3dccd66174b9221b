"""What became of each source that was asked for, and how it is written to files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from esg.cli import stored
from esg.domain import Scorecard
from esg.resources import Resources

FORMATS = ("html", "json", "csv")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A source's end: its scorecard, or the reason why there is none."""

    source: str
    state: str  # scored, rejected, failed, cancelled
    scorecard: Scorecard | None = None
    reason: str = ""
    reused: bool = False
    seconds: float = 0.0
    material: Callable[[], stored.Material] | None = None  # given with a scorecard

    @property
    def stem(self) -> str:
        return Path(urlsplit(self.source).path).stem or "report"


def failed(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.scorecard is None]


def write(outcomes: Sequence[Outcome], out: Path, formats: Sequence[str], opened: Resources) -> list[Path]:
    """Write each scorecard in each format: `out` is a file for one of each, else a folder."""
    scored = [outcome for outcome in outcomes if outcome.scorecard is not None]
    if out.suffix.lstrip(".") in FORMATS and not out.is_dir():
        if len(scored) > 1:
            raise click.UsageError(f"--out {out} names one file for {len(scored)} reports; name a folder")
        return [_write(outcome, out, out.suffix.lstrip("."), opened) for outcome in scored]
    out.mkdir(parents=True, exist_ok=True)
    stems = _stems(scored)
    return [
        _write(outcome, out / f"{stem}.{kind}", kind, opened)
        for outcome, stem in zip(scored, stems, strict=True)
        for kind in formats
    ]


def _stems(outcomes: Sequence[Outcome]) -> list[str]:
    """Name files by their source; where two sources share a name, add the document's id."""
    stems = [outcome.stem for outcome in outcomes]
    return [
        stem if stems.count(stem) == 1 or outcome.scorecard is None
        else f"{stem}-{outcome.scorecard.document.id[:8]}"
        for stem, outcome in zip(stems, outcomes, strict=True)
    ]  # fmt: skip


def _write(outcome: Outcome, path: Path, kind: str, opened: Resources) -> Path:
    assert outcome.scorecard is not None  # noqa: S101 - only scored outcomes are written
    assert outcome.material is not None  # noqa: S101 - and these have it
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stored.rendered(opened, outcome.scorecard, kind, outcome.material))
    return path
