"""Samples → whether what a fleet holds grows.

What is held while documents come and go must not grow; what is kept of each may, by so much a
document. The slope is Theil and Sen's, the median over all pairs: a child that is replaced, or a parse of
300 pages, does not turn it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.soak.samples import Sample


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far a value may grow after the warm-up: the larger of both, and so much for each document."""

    absolute: float = 0.0
    share: float = 0.0  # of what it was
    each_document: float = 0.0

    def of(self, start: float, documents: int) -> float:
        return max(self.absolute, self.share * start) + self.each_document * documents


ALLOWED: Mapping[str, Allowance] = {  # by the end of a value's name, the first that fits
    "Redis memory, MiB": Allowance(absolute=4),
    # Allocators keep and fragment what they once had: some per cent. One page's picture leaked with each
    # document (4 MiB) would be a hundred times that within an hour.
    "memory, MiB": Allowance(absolute=32, share=0.05),
    "open files": Allowance(absolute=3),
    "SQL connections": Allowance(absolute=2),  # a pool that has met its widest moment late
    "Redis keys": Allowance(absolute=20),  # messages under way; queues and bindings come and go with them
    # Rows of a document, its runs and scorecard stay for ever, so that nothing is done twice.
    "SQL, MiB": Allowance(absolute=2, each_document=0.25),
    # Logs, the broker's append-only file until it is rewritten, the cache of vectors.
    "home beside the lake, MiB": Allowance(absolute=64, each_document=0.25),
    # What a report is read into: pages with boxes, chunks, vectors, the original itself.
    "lake, MiB": Allowance(each_document=40.0),
}


@dataclass(frozen=True, slots=True)
class Trend:
    """A value from the end of the warm-up (`start`) to the end of the run, as fitted."""

    what: str
    start: float
    end: float
    allowed: float

    @property
    def growth(self) -> float:
        return self.end - self.start

    @property
    def is_flat(self) -> bool:
        return self.growth <= self.allowed


def trends(samples: Sequence[Sample]) -> Iterator[Trend]:
    """Fit every value over the samples after the warm-up; raises ValueError for fewer than ten."""
    if len(samples) < 10:
        raise ValueError(
            f"{len(samples)} samples after the warm-up are too few to fit: let it run for longer"
        )
    seconds = np.array([sample.seconds for sample in samples])
    documents = samples[-1].documents - samples[0].documents
    for what in samples[0].values:
        values = np.array([sample.values[what] for sample in samples])
        slope = theil_sen(seconds, values)
        start = float(np.median(values - slope * seconds) + slope * seconds[0])
        end = start + slope * float(seconds[-1] - seconds[0])
        allowance = next(rule for name, rule in ALLOWED.items() if what.endswith(name))
        yield Trend(what, start, end, allowance.of(start, documents))


def theil_sen(x: np.ndarray, y: np.ndarray) -> float:
    """The median slope over all pairs of points (Sen 1968)."""
    later, earlier = np.triu_indices(len(x), 1)[::-1]
    return float(np.median((y[later] - y[earlier]) / (x[later] - x[earlier])))
