"""A document's readings of its figures → one for each KPI, year, method, unit and boundary."""

from collections.abc import Sequence
from dataclasses import replace

from esg.kpi.figure import Figure, agree, clusters

Key = tuple[str, int, str, str, str]


def choose(figures: Sequence[Figure], year: int | None) -> list[Figure]:
    """Keep the group's figures of the reporting year and the one before, each once."""
    latest = year if year is not None else max((f.year for f in figures), default=0)
    groups: dict[Key, list[Figure]] = {}
    for figure in figures:
        if figure.year in (latest, latest - 1):
            groups.setdefault(_key(figure), []).append(figure)
    return [kept for key in sorted(groups, key=_order) for kept in _settle(groups[key])]


def unequivocal(figures: Sequence[Figure]) -> list[Figure]:
    """Of what one table says twice and differently, keep what it calls a total or restated, else nothing.

    Its rows or columns are then of parts that cannot be told apart.
    """
    groups: dict[Key, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(_key(figure), []).append(figure)
    best = ([f for f in group if not f.is_second] or group for group in groups.values())
    kept = (
        _one_value(group)
        or _one_value([f for f in group if f.is_total])
        or _one_value([f for f in group if f.restated])
        for group in best
    )
    return [figure for group in kept for figure in group]


def _one_value(figures: Sequence[Figure]) -> list[Figure]:
    return list(figures) if figures and all(agree(f.value, figures[0].value) for f in figures) else []


def _key(figure: Figure) -> Key:
    unit, boundary = figure.series
    return figure.key, figure.year, figure.method, unit, boundary


def _order(key: Key) -> Key:
    name, year, method, unit, boundary = key
    return name, -year, method, unit, boundary


def _settle(readings: Sequence[Figure]) -> list[Figure]:
    """Agreeing readings become the most exact one; several bases stay apart; a contradiction is flagged."""
    surest = sorted(_surest(readings), key=lambda f: (-f.digits, f.rank, f.quote))
    values = clusters(surest)
    if len(values) == 1:
        return [_best(values[0])]
    bases = {cluster[0].boundary for cluster in values}
    if len(bases) == len(values) and "" not in bases:
        return [_best(cluster) for cluster in values]
    ranked = sorted(values, key=lambda c: (_best(c).rank, -len(c), _best(c).quote))
    best = _best(ranked[0])
    return [replace(best, flags=(*best.flags, "contradicted"))]


def _surest(readings: Sequence[Figure]) -> Sequence[Figure]:
    """Leave out what a lesser name, a rough figure or an assumed year says, where there is better."""
    readings = [f for f in readings if not f.is_second] or readings
    for vague in ("approximate", "period_assumed"):
        readings = [f for f in readings if vague not in f.flags] or readings
    return readings


def _best(cluster: Sequence[Figure]) -> Figure:
    return min(cluster, key=lambda f: (f.rank, -f.digits, not f.is_total, f.quote))
