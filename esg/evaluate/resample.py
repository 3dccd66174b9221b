"""A sample's units → between what values a figure would lie with other units of the same kind."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

SEED = 20261126  # any; fixed, so that the same labels give the same interval
ROUNDS = 2000
SHARE = 0.95

Unit = TypeVar("Unit")


def resampled(
    units: Sequence[Unit], figure: Callable[[Sequence[Unit]], float], *, seed: int = SEED
) -> tuple[float, float]:
    """Give the 95 % interval of `figure`: percentile bootstrap over the units (Efron 1979)."""
    draw = random.Random(seed)  # noqa: S311 - a repeatable draw is what is wanted
    found = sorted(figure(draw.choices(units, k=len(units))) for _ in range(ROUNDS))
    cut = round(ROUNDS * (1 - SHARE) / 2)
    return found[cut], found[-1 - cut]
