"""What became of each source that was asked for, and how it is written to files."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from esg.cli import stored
from esg.cli.destination import Destination, save
from esg.domain import Scorecard
from esg.report import Material
from esg.resources import Resources


@dataclass(frozen=True, slots=True)
class Outcome:
    """A source's end: its scorecard, or the reason why there is none."""

    source: str
    state: str  # scored, rejected, failed, cancelled
    scorecard: Scorecard | None = None
    reason: str = ""
    reused: bool = False
    rendered: Callable[[str], bytes] | None = None  # in a format, by the API that has scored it
    material: Callable[[str], Material] | None = None  # by the document's id; given with a scorecard

    @property
    def stem(self) -> str:
        """What its files are called: a name may hold what ends the path of a URL."""
        path = urlsplit(self.source).path if "://" in self.source else self.source
        return Path(path).stem or "report"


def failed(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.scorecard is None]


def write(outcomes: Sequence[Outcome], to: Destination, opened: Resources) -> Iterator[Path]:
    """Write each scorecard in each format; yields a path as soon as it is written."""
    scored = [outcome for outcome in outcomes if outcome.scorecard is not None]
    for outcome, stem in zip(scored, _stems(scored), strict=True):
        for kind in to.formats:
            path = to.path / f"{stem}.{kind}" if to.is_folder else to.path
            yield save(path, _rendered(outcome, kind, opened))


def _stems(outcomes: Sequence[Outcome]) -> list[str]:
    """Name files by their source; where two sources share a name, add the document's id."""
    stems = [outcome.stem for outcome in outcomes]
    return [
        stem if stems.count(stem) == 1 or outcome.scorecard is None
        else f"{stem}-{outcome.scorecard.document.id[:8]}"
        for stem, outcome in zip(stems, outcomes, strict=True)
    ]  # fmt: skip


def _rendered(outcome: Outcome, kind: str, opened: Resources) -> bytes:
    assert outcome.scorecard is not None  # noqa: S101  # nosec B101  # only scored outcomes are written
    if outcome.rendered is not None:
        return outcome.rendered(kind)
    assert outcome.material is not None  # noqa: S101  # nosec B101  # and these have it
    return stored.rendered(opened, outcome.scorecard, kind, outcome.material)
