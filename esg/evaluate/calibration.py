"""Confidences and whether they were right → how far a confidence can be taken at its word."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims of about the same confidence, from `low` up to 0.1 more."""

    low: float
    count: int
    confidence: float  # mean
    right: float  # share, 0..1


def bins(claims: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Sort claims (confidence 0..1, whether right) into ten bins of equal width; empty ones are left out."""
    sorted_in: dict[int, list[tuple[float, bool]]] = {}
    for claim in claims:
        sorted_in.setdefault(min(int(claim[0] * BINS), BINS - 1), []).append(claim)
    return [_bin(n, sorted_in[n]) for n in sorted(sorted_in)]


def expected_error(claims: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error (Naeini et al. 2015): the bins' mean gap, weighted by their counts."""
    return sum(b.count * abs(b.confidence - b.right) for b in bins(claims)) / len(claims) if claims else 0.0


def _bin(number: int, claims: Sequence[tuple[float, bool]]) -> Bin:
    count = len(claims)
    return Bin(number / BINS, count, sum(c for c, _ in claims) / count, sum(r for _, r in claims) / count)
