"""Arithmetic over the chosen figures → flags: sums that do not add up, jumps from year to year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from esg.kpi.figure import Figure

_TOLERANCE = 0.01  # of the total, for rounding
_JUMP = 8.0  # from year to year; a wrong unit makes it 10 or 1000
Known = Mapping[tuple[str, int], float]
Series = Mapping[tuple[str, tuple[str, str], int], float]

_SCOPE2 = ("scope2_market", "scope2_location", "scope2_unspecified")
_CATEGORIES = tuple(f"scope3_cat{n}" for n in range(1, 16))


def check(figures: Sequence[Figure]) -> list[Figure]:
    """Add flags: `sum_ok` or `sum_mismatch` on totals, `jump_x10` or `jump_x1000` against the year before.

    A total that its parts do not add up to stays as it is stated; `parts_add_up_to_…` tells the computed one.
    """
    known = {(f.key, f.year): f.value for f in figures}
    series = {(f.key, f.series, f.year): f.value for f in figures}
    return [replace(f, flags=(*f.flags, *_sum(f, known), *_jump(f, series))) for f in figures]


def _sum(figure: Figure, known: Known) -> tuple[str, ...]:
    sums = _sums(figure, known)
    if not sums:
        return ()
    nearest = min(sums, key=lambda total: abs(total - figure.value))
    if abs(nearest - figure.value) <= _TOLERANCE * abs(figure.value):
        return ("sum_ok",)
    return ("sum_mismatch", f"parts_add_up_to_{nearest:.10g}")


def _sums(figure: Figure, known: Known) -> list[float]:
    """What the parts of a total add up to, by each method of scope 2."""
    year = figure.year
    one, three = known.get(("scope1", year)), known.get(("scope3", year))
    twos = [known[key, year] for key in _SCOPE2 if (key, year) in known]
    if figure.key == "scope1_2" and one is not None:
        return [one + two for two in twos]
    if figure.key == "total_ghg" and three is not None:
        both = known.get(("scope1_2", year))
        parts = [one + two for two in twos] if one is not None else []
        return [p + three for p in (*parts, *([both] if both is not None else []))]
    if figure.key == "scope3":
        parts = [known[key, year] for key in _CATEGORIES if (key, year) in known]
        return [sum(parts)] if len(parts) >= 3 and sum(parts) > figure.value * (1 + _TOLERANCE) else []
    return []


def scope_sums(figures: Sequence[Figure], year: int, scopes: Sequence[str]) -> list[tuple[float, str]]:
    """What the scopes of a year add up to, with each method that scope 2 is told by; none where one lacks."""
    known = {f.key: f.value for f in figures if f.year == year}
    others = [known.get(f"scope{scope}") for scope in scopes if scope != "2"]
    if any(value is None for value in others):
        return []
    rest = sum(value for value in others if value is not None)
    methods = [(key, key.removeprefix("scope2_")) for key in _SCOPE2 if key in known]
    return [(rest + known[key], "" if method == "unspecified" else method) for key, method in methods]


def _jump(figure: Figure, series: Series) -> tuple[str, ...]:
    before = series.get((figure.key, figure.series, figure.year - 1))
    if not before or not figure.value:
        return ()
    ratio = max(figure.value / before, before / figure.value)
    if ratio < _JUMP:
        return ()
    return ("jump_x1000",) if ratio >= _JUMP * 50 else ("jump_x10",)
