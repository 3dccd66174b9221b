"""A company's scorecards → its years side by side, and what changed between them with the quotes of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from esg import newest
from esg.lake.questions import ask, questions
from esg.report import names
from esg.resources import Resources

YEARS = 6  # columns of figures that fit side by side
MOST_CHANGES = 120
MOST_QUOTES = 2  # of each side of a change

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote and where its own page is."""

    quote: str
    page: int
    href: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one report says otherwise than the one before; `why` is the rationale of a level."""

    year_before: int
    year: int
    what: str
    about: str
    was: str
    is_now: str
    why: str
    before: tuple[Cited, ...]
    now: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """One figure over the years; a year it was not told for is missing."""

    name: str
    basis: str
    by_year: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class History:
    """`levels` are rows of the question `history`, the oldest year first."""

    levels: Sequence[Row]
    themes: Sequence[str]
    changes: Sequence[Change]
    figures: Sequence[Figures]
    years: Sequence[int]  # of the figures


def history(resources: Resources, company: str) -> History:
    """Ask gold about one company (slug), as `esg history` does; empty where nothing was scored."""
    tables = newest.tables(resources, company)
    levels, changes, panel = (_rows(question, tables) for question in ("history", "changes", "panel"))
    figures = [row for row in panel if row["fiscal_year"] is not None]
    years = sorted({row["fiscal_year"] for row in figures})[-YEARS:]
    return History(
        levels=sorted(levels, key=lambda row: row["year"] or 0),
        themes=[code for code in names.THEMES if levels and code in levels[0]],
        changes=_changes(changes, tables),
        figures=_figures(figures, years),
        years=years,
    )


def _rows(question: str, tables: Mapping[str, pa.Table]) -> list[Row]:
    if not tables["scorecards"].num_rows:  # nothing to pivot
        return []
    found: list[Row] = ask(questions()[question].sql, tables).to_pylist()
    return found


def _changes(rows: Iterable[Row], tables: Mapping[str, pa.Table]) -> list[Change]:
    cited = {row["evidence_id"]: _cited(row) for row in tables["evidence"].to_pylist()}
    why = {(row["year"], row["theme"]): row["rationale"] for row in tables["themes"].to_pylist()}

    def quotes(ids: Sequence[str] | None) -> tuple[Cited, ...]:
        return tuple(cited[i] for i in ids or () if i in cited)[:MOST_QUOTES]

    return [
        Change(
            year_before=row["year_before"],
            year=row["year"],
            what=row["what"],
            about=row["about"],
            was=row["was"],
            is_now=row["is_now"],
            why=why.get((row["year"], row["about"]), ""),
            before=quotes(row["evidence_before"]),
            now=() if row["what"] == "no longer disclosed" else quotes(row["evidence"]),
        )
        for row in [*rows][:MOST_CHANGES]
    ]


def _cited(row: Row) -> Cited:
    href = f"/documents/{row['document_id']}/evidence/{row['evidence_id']}"
    return Cited(row["quote"], row["page"], href)


def _figures(rows: Iterable[Row], years: Sequence[int]) -> list[Figures]:
    found: dict[tuple[str, str], dict[int, Row]] = {}
    for row in rows:
        if row["fiscal_year"] in years:
            basis = ", ".join(filter(None, (row["method"], row["boundary"])))
            found.setdefault((row["kpi"], basis), {})[row["fiscal_year"]] = row
    order = [*names.KPIS]
    ranked = sorted(found, key=lambda k: (order.index(k[0]) if k[0] in order else len(order), k[1]))
    return [Figures(names.readable(kpi, names.KPIS), basis, found[kpi, basis]) for kpi, basis in ranked]
