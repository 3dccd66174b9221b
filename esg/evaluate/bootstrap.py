"""A statistic over a few reports → how far it could be off by the choice of them."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

Unit = TypeVar("Unit")

RESAMPLES = 1000
MANY = 2000  # for a statistic that costs little
SEED = 20_261_126  # the same labels give the same interval


def interval(
    units: Sequence[Unit],
    statistic: Callable[[Sequence[Unit]], float],
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap (Efron 1979): draw as many units as there are, with replacement, many times.

    A unit is what is independent of the others: a report, a question, not one of its rows.
    """
    if not units:
        return (0.0, 0.0)
    draw = random.Random(SEED)  # noqa: S311  # nosec B311  # no secret
    found = sorted(statistic(draw.choices(units, k=len(units))) for _ in range(resamples))
    tail = round((1 - level) / 2 * resamples)
    return (found[tail], found[resamples - 1 - tail])
