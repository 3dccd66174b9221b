"""What every bench finds, in one form: `esg.bench/1`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from esg.evaluate.bench.machine import Machine

SCHEMA = "esg.bench/1"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure should reach: at least or, where less is better, at most so much."""

    value: float
    is_upper: bool = False

    def holds(self, value: float) -> bool:
        return value <= self.value if self.is_upper else value >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.is_upper else '≥'} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number: one sample for each round, the median is what counts."""

    what: str
    unit: str
    samples: tuple[float, ...]
    bar: Bar | None = None

    @property
    def value(self) -> float:
        return median(self.samples)

    @property
    def is_reached(self) -> bool | None:
        return self.bar.holds(self.value) if self.bar else None

    def to_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "unit": self.unit,
            "value": _short(self.value),
            "samples": [_short(sample) for sample in self.samples],
            "bar": str(self.bar) if self.bar else "",
            "reached": self.is_reached,
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """What could not be measured here, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """One run of one bench."""

    bench: str
    machine: Machine
    documents: Mapping[str, int]  # name -> pages
    rounds: int  # that count; one more warmed up
    figures: tuple[Figure, ...]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    versions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # of peers, by their names

    def figure(self, what: str) -> Figure:
        """Find a figure by its name; raises LookupError where it was not measured."""
        for figure in self.figures:
            if figure.what == what:
                return figure
        raise LookupError(f"{self.bench} has no figure '{what}'")

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "bench": self.bench,
            "machine": self.machine.to_dict(),
            "documents": dict(self.documents),
            "rounds": self.rounds,
            "figures": [figure.to_dict() for figure in self.figures],
            "skipped": [{"what": each.what, "reason": each.reason} for each in self.skipped],
            "notes": list(self.notes),
            "versions": {name: dict(versions) for name, versions in self.versions.items()},
        }


def ratio(what: str, ours: Sequence[float], theirs: Sequence[float], bar: Bar | None = None) -> Figure:
    """Divide round by round: both sides of a quotient were measured next to each other."""
    return Figure(what, "×", tuple(a / b for a, b in zip(ours, theirs, strict=True)), bar)


def least(what: str, ours: Sequence[float], theirs: Sequence[float], bar: Bar | None = None) -> Figure:
    """Divide the least of all rounds by theirs: what else the machine does only ever adds to a cost."""
    return Figure(what, "×", (min(ours) / min(theirs),), bar)


def rates(units: int, seconds: Iterable[float]) -> tuple[float, ...]:
    """So many units in so many seconds, as units a second."""
    return tuple(units / each for each in seconds)


def _short(value: float) -> float:
    """Four digits that count: no bench knows more."""
    return float(f"{value:.4g}")
