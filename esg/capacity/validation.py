"""How well the model tells what was measured: replayed, fitted, and of documents it was not shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from esg.capacity.demand import Fit, first_of_kind, fit, processor_seconds, threads_of
from esg.capacity.fleet import Shape, Work, simulate
from esg.capacity.recorded import ROLES, Recorded, Run

WITHIN = 0.15  # of the measured wall time, or the model is not to be used


@dataclass(frozen=True, slots=True)
class Check:
    """One way of telling a run's wall time beside what was measured."""

    what: str
    measured: float
    simulated: float

    @property
    def error(self) -> float:
        return self.simulated / self.measured - 1


@dataclass(frozen=True, slots=True)
class Model:
    """What a recorded run teaches: seconds by role, how they follow from pages, and the fleet's own gap."""

    recorded: Recorded
    seconds: Mapping[Run, float]
    fits: Mapping[str, Fit]
    gap: float

    @classmethod
    def of(cls, recorded: Recorded, documents: Sequence[int] | None = None) -> "Model":
        seconds = processor_seconds(recorded)
        return cls(recorded, seconds, fit(recorded, seconds, documents), gap(recorded))

    def shape(self, recorded: Recorded) -> Shape:
        """The fleet that made a record: a process of each role on its machine."""
        warm_up = {role: found.warm_up for role, found in self.fits.items()}
        embed = threads_of("embed", recorded.processors)
        return Shape(recorded.processors, dict.fromkeys(ROLES, 1), embed, self.gap, warm_up)

    def measured_works(self) -> list[Work]:
        """Each document as it was measured, less what loading took."""
        loading = {
            run: self.fits[role].warm_up for role in ROLES for run in first_of_kind(self.recorded, role)
        }
        return [self._measured(document, loading) for document in range(len(self.recorded.papers))]

    def fitted_works(self, recorded: Recorded) -> list[Work]:
        """The documents of a record, by their pages and tokens alone."""
        return [_fitted(recorded, document, self.fits) for document in range(len(recorded.papers))]

    def _measured(self, document: int, loading: Mapping[Run, float]) -> Work:
        runs = [run for run in self.recorded.runs if run.document == document]
        taken = {(run.role, run.batch): max(0.0, self.seconds[run] - loading.get(run, 0.0)) for run in runs}
        embed = tuple(taken[role, batch] for role, batch in sorted(taken) if role == "embed")
        language = self.recorded.papers[document].language
        return Work(taken["ingest", 0], embed, taken["index", 0], taken["score", 0], language)


def gap(recorded: Recorded) -> float:
    """The median of what passed between a stage run's being ready, its worker free, and its start."""
    found = []
    for role in ROLES:
        runs = recorded.of_role(role)
        for before, run in pairwise(runs):
            found.append(max(0.0, run.started - max(run.ready, before.finished)))
    return median(found)


def checks(recorded: Recorded, others: Mapping[str, Recorded]) -> Iterator[Check]:
    """Replay the run, tell it by fitted seconds, by halves of its documents, and tell other runs."""
    model = Model.of(recorded)
    count = len(recorded.papers)
    yield Check(
        "replayed: each stage run takes what it took",
        recorded.seconds,
        _wall(model.measured_works(), model, recorded),
    )
    yield Check(
        "by pages and tokens, fitted to all",
        recorded.seconds,
        _wall(model.fitted_works(recorded), model, recorded),
    )
    for name, half in (("even", range(0, count, 2)), ("odd", range(1, count, 2))):
        taught = Model.of(recorded, half)
        told = taught.fitted_works(recorded)
        yield Check(
            f"by pages and tokens, fitted to the {len(half)} documents of {name} number",
            recorded.seconds,
            _wall(told, taught, recorded),
        )
    for name, other in others.items():
        yield Check(
            f"{name}, fitted to the {count} above",
            other.seconds,
            _wall(model.fitted_works(other), model, other),
        )


def _wall(works: Sequence[Work], model: Model, recorded: Recorded) -> float:
    return simulate(works, model.shape(recorded)).seconds


def _fitted(recorded: Recorded, document: int, fits: Mapping[str, Fit]) -> Work:
    paper = recorded.papers[document]
    runs = [run for run in recorded.runs if run.document == document]
    told = {(run.role, run.batch): fits[run.role].seconds(paper, run.tokens) for run in runs}
    embed = tuple(told[role, batch] for role, batch in sorted(told) if role == "embed")
    return Work(told["ingest", 0], embed, told["index", 0], told["score", 0], paper.language)
