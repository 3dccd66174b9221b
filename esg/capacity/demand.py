"""A recorded run → the processor seconds of each stage run, and how these follow from pages and tokens.

On a machine with fewer processors than busy threads a stage run takes longer than it needs. Linux gives
busy threads equal shares, so a thread ran at `min(1, processors / busy threads)` of a processor at each
moment: its processor seconds are that rate, added up over the time the stage run was seen to take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from esg.capacity.recorded import ROLES, Paper, Recorded, Run

FEATURES: Mapping[str, tuple[str, ...]] = {  # what a role's seconds are explained by, beside a constant
    "ingest": ("pages", "ocr_pages", "ocr_letters"),
    "embed": ("tokens",),
    "index": ("tokens",),
    "score": ("pages", "tokens"),
}


def threads_of(role: str, processors: int) -> int:
    """How many threads a stage run keeps busy: embed has one for each processor, the others one."""
    return processors if role == "embed" else 1


def processor_seconds(recorded: Recorded) -> dict[Run, float]:
    """For each stage run the processor seconds of all its threads."""
    moments = np.unique([at for run in recorded.runs for at in (run.started, run.finished)])
    threads = sum(
        (_during(run, moments) * threads_of(run.role, recorded.processors) for run in recorded.runs),
        np.zeros(len(moments) - 1),
    )
    work = np.diff(moments) * np.minimum(1.0, recorded.processors / np.maximum(threads, 1))
    return {
        run: float(work @ _during(run, moments)) * threads_of(run.role, recorded.processors)
        for run in recorded.runs
    }


def _during(run: Run, moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 for each interval between two moments that lies within the stage run, else 0."""
    return ((moments[:-1] >= run.started) & (moments[1:] <= run.finished)).astype(np.float64)


def kind(role: str, paper: Paper) -> str:
    """What a process loads something for, the first time it meets it: scoring has patterns by language."""
    return paper.language if role == "score" else ""


@dataclass(frozen=True, slots=True)
class Fit:
    """Processor seconds of a stage run of one role: a constant and so much for each page or token."""

    role: str
    constant: float
    per: Mapping[str, float]
    r2: float
    residuals: tuple[float, ...] = field(repr=False)  # measured less fitted, in the order of the record
    warm_up: float = 0.0  # what the first one of its kind in a process takes more, on average

    def seconds(self, paper: Paper, tokens: int) -> float:
        values = _values(self.role, paper, tokens)
        return self.constant + sum(self.per[name] * value for name, value in values.items())


def first_of_kind(recorded: Recorded, role: str) -> list[Run]:
    """The stage runs for which the one process of a role had to load something."""
    seen: dict[str, Run] = {}
    for run in recorded.of_role(role):
        seen.setdefault(kind(role, recorded.papers[run.document]), run)
    return list(seen.values())


def fit(
    recorded: Recorded, seconds: Mapping[Run, float], documents: Sequence[int] | None = None
) -> dict[str, Fit]:
    """Explain the processor seconds of each role by least squares, by some documents or by all."""
    chosen = set(range(len(recorded.papers)) if documents is None else documents)
    return {role: _fit(role, recorded, seconds, chosen) for role in ROLES}


def _fit(role: str, recorded: Recorded, seconds: Mapping[Run, float], chosen: set[int]) -> Fit:
    cold = [run for run in first_of_kind(recorded, role) if run.document in chosen]
    warm = [run for run in recorded.of_role(role) if run.document in chosen and run not in cold]
    runs = warm or cold  # where each has a language of its own, nothing tells what loading takes
    matrix = np.array(
        [[1.0, *_values(role, recorded.papers[run.document], run.tokens).values()] for run in runs]
    )
    taken = np.array([seconds[run] for run in runs])
    weights = _least_squares(matrix, taken)
    residuals = taken - matrix @ weights
    spread = float(((taken - taken.mean()) ** 2).sum())
    found = Fit(
        role,
        float(weights[0]),
        dict(zip(FEATURES[role], map(float, weights[1:]), strict=True)),
        r2=1 - float((residuals**2).sum()) / spread if spread else 1.0,
        residuals=tuple(map(float, residuals)),
    )
    extra = [seconds[run] - found.seconds(recorded.papers[run.document], run.tokens) for run in cold]
    return replace(found, warm_up=max(0.0, fmean(extra)) if warm and extra else 0.0)


def _values(role: str, paper: Paper, tokens: int) -> dict[str, float]:
    return {name: float(tokens if name == "tokens" else getattr(paper, name)) for name in FEATURES[role]}


def _least_squares(matrix: NDArray[np.float64], taken: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve with no weight below zero: a page costs no negative time, so what would is left out."""
    kept = np.ones(matrix.shape[1], bool)
    while True:
        weights = np.zeros(matrix.shape[1])
        weights[kept] = np.linalg.lstsq(matrix[:, kept], taken, rcond=None)[0]
        if (weights >= 0).all():
            return weights
        kept &= weights > 0
