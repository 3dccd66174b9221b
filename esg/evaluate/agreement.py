"""Pairs of (what careful readers say, what we say) on an ordered scale → how far they agree."""

from collections.abc import Sequence

Pair = tuple[int, int]  # (gold, ours)


def exact(pairs: Sequence[Pair]) -> float:
    return sum(gold == ours for gold, ours in pairs) / len(pairs) if pairs else 0.0


def mean_absolute_error(pairs: Sequence[Pair]) -> float:
    return sum(abs(gold - ours) for gold, ours in pairs) / len(pairs) if pairs else 0.0


def confusion(pairs: Sequence[Pair], *, levels: int) -> list[list[int]]:
    """Count pairs; shape (levels, levels), rows gold, columns ours."""
    counts = [[0] * levels for _ in range(levels)]
    for gold, ours in pairs:
        counts[gold][ours] += 1
    return counts


def quadratic_kappa(pairs: Sequence[Pair], *, levels: int) -> float:
    """Agreement beyond chance, a miss by two weighing four times one by one (Cohen 1968).

    1 is perfect, 0 what two would reach who know only how often each level occurs; where both always say
    the same one level there is nothing to tell apart, and it is 1 if they agree.
    """
    counts = confusion(pairs, levels=levels)
    total = len(pairs)
    gold = [sum(row) for row in counts]
    ours = [sum(column) for column in zip(*counts, strict=True)]
    cells = [(i, j) for i in range(levels) for j in range(levels)]
    observed = sum((i - j) ** 2 * counts[i][j] for i, j in cells)
    expected = sum((i - j) ** 2 * gold[i] * ours[j] for i, j in cells) / total if total else 0.0
    return 1 - observed / expected if expected else float(observed == 0)
