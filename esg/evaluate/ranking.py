"""A ranking's gains → how good the ranking is. Gains are given in ranked order, the best place first."""

import math
from collections.abc import Sequence


def ndcg(gains: Sequence[float], *, k: int | None = None) -> float:
    """Give the discounted cumulative gain as a share of the best possible (Järvelin & Kekäläinen 2002).

    A gain counts as it is and is divided by log2(place + 1): trec_eval's nDCG, and that of the figures
    published for these labels (`rank_eval`). 0 where there is nothing to gain.
    """
    best = _discounted(sorted(gains, reverse=True)[:k])
    return _discounted(gains[:k]) / best if best else 0.0


def average_precision(relevant: Sequence[bool]) -> float:
    """Give the mean, over the relevant places, of the precision down to each: trec_eval's map."""
    places = [place for place, is_relevant in enumerate(relevant, start=1) if is_relevant]
    return sum(n / place for n, place in enumerate(places, start=1)) / len(places) if places else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))
