"""scorecards of several companies → rows that lay them side by side; None where one does not tell it."""

from collections.abc import Iterable, Sequence

from esg.domain import Kpi, Scorecard, ThemeScore
from esg.report import names


def themes(cards: Sequence[Scorecard]) -> dict[str, list[ThemeScore | None]]:
    """Every theme that one of them has, by code, as they come."""
    by_code = [{theme.code: theme for theme in card.themes} for card in cards]
    codes = dict.fromkeys(code for of in by_code for code in of)
    return {code: [of.get(code) for of in by_code] for code in codes}


def figures(cards: Sequence[Scorecard], keys: Iterable[str] = names.KPIS) -> dict[str, list[Kpi | None]]:
    """Those of the keys that one of them tells: the value of each one's own year, else its newest."""
    rows = {key: [names.latest(card, key) for card in cards] for key in keys}
    return {key: row for key, row in rows.items() if any(row)}
