"""A company's scorecards → its years side by side, and what changed between them with the quotes of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from esg import newest
from esg.lake.questions import ask, questions
from esg.report import names
from esg.resources import Resources

YEARS = 6  # columns of figures that fit side by side
MOST_CHANGES = 120
KEPT = 32  # companies
NO_THEMES = frozenset({"company", "year", "overall", "grade", "documents"})  # of the question `history`
KINDS = {  # of changes, in the order in which they matter
    "level": "Levels",
    "claim": "Claims",
    "figure": "Figures told otherwise",
    "no": "No longer disclosed",
}
MOST_QUOTES = 2  # of each side of a change

Row = Mapping[str, Any]
Known = tuple[tuple[str, str, int | None], ...]  # what there is to read: hash, company, year


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
    kind: str  # a heading of KINDS
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


class Histories:
    """What was told of the last few companies, until more is known of them. Threads may share it."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._told = lru_cache(KEPT)(self._read)

    def of(self, company: str, tenant: str | None) -> History:
        """The history of a company by its slug, as a tenant sees it."""
        state = self._resources.state.seen_by(tenant)
        cards = [(r.sha256, r.company, r.year) for r in state.scorecards(company)]
        together = [(one.sha256, one.company, one.year) for one in state.company_years(company)]
        return self._told(company, tenant, (*cards, *together))

    def _read(self, company: str, tenant: str | None, _known: Known) -> History:
        return history(newest.tables(self._resources, company, state=self._resources.state.seen_by(tenant)))


def history(tables: Mapping[str, pa.Table]) -> History:
    """Ask the gold of one company, as `esg history` does; empty where nothing was scored."""
    levels, changes, panel = (_rows(question, tables) for question in ("history", "changes", "panel"))
    figures = [row for row in panel if row["fiscal_year"] is not None]
    years = sorted({row["fiscal_year"] for row in figures})[-YEARS:]
    return History(
        levels=sorted(levels, key=lambda row: row["year"] or 0),
        themes=_themes(levels),
        changes=_changes(changes, tables),
        figures=_figures(figures, years),
        years=years,
    )


def _themes(levels: Sequence[Row]) -> list[str]:
    """The columns that are themes, ours first and in their order; a rubric may have others."""
    found = sorted(set(levels[0]) - NO_THEMES) if levels else []
    return [code for code in names.THEMES if code in found] + [c for c in found if c not in names.THEMES]


def _rows(question: str, tables: Mapping[str, pa.Table]) -> list[Row]:
    if not tables["scorecards"].num_rows:  # nothing to pivot
        return []
    found: list[Row] = ask(questions()[question].sql, tables).to_pylist()
    return found


def _changes(rows: Iterable[Row], tables: Mapping[str, pa.Table]) -> list[Change]:
    cited = {row["evidence_id"]: _cited(row) for row in tables["evidence"].to_pylist()}
    whole = {row["trace_id"] for row in tables["scorecards"].to_pylist() if row["is_whole"]}
    themes = (row for row in tables["themes"].to_pylist() if row["trace_id"] in whole)
    why = {(row["year"], row["theme"]): row["rationale"] for row in themes}

    def quotes(ids: Sequence[str] | None) -> tuple[Cited, ...]:
        return tuple(cited[i] for i in ids or () if i in cited)[:MOST_QUOTES]

    def change(row: Row, kind: str) -> Change:
        is_lost = kind == "no"
        return Change(
            year_before=row["year_before"],
            year=row["year"],
            kind=KINDS[kind],
            about=_about(row["about"], kind),
            was=_value(row["was"], "figure" if row["about"] in names.KPIS else kind),
            is_now=_value(row["is_now"], kind),
            why=why.get((row["year"], row["about"]), "") if kind == "level" else "",
            before=quotes(row["evidence_before"]),
            now=() if is_lost else quotes(row["evidence"]),
        )

    kinds = [*KINDS]
    found = sorted(((kinds.index(row["what"].split()[0]), row) for row in rows), key=lambda one: one[0])
    return [change(row, kinds[kind]) for kind, row in found[:MOST_CHANGES]]


def _about(about: str, kind: str) -> str:
    """The words for what a row of the question `changes` is about."""
    if kind == "figure":
        key, _, rest = about.partition(" ")
        return f"{names.readable(key, names.KPIS)}, {rest}"
    return names.readable(about, names.THEMES if kind == "level" else {**names.CLAIMS, **names.KPIS})


def _value(value: str, kind: str) -> str:
    """A figure as other pages write it; a level by its name."""
    if kind == "figure":
        number, _, unit = value.partition(" ")
        return names.quantity(float(number), unit)
    return f"Level {value}" if kind == "level" else value


def _cited(row: Row) -> Cited:
    href = f"/documents/{row['document_id']}/evidence/{row['evidence_id']}"
    return Cited(row["quote"], row["page"], href)


def _figures(rows: Iterable[Row], years: Sequence[int]) -> list[Figures]:
    found: dict[tuple[str, str, str], dict[int, Row]] = {}
    for row in rows:
        if row["fiscal_year"] in years:
            basis = ", ".join(filter(None, (row["method"], row["boundary"])))
            found.setdefault((row["kpi"], basis, row["unit"]), {})[row["fiscal_year"]] = row
    order = {kpi: place for place, kpi in enumerate(names.KPIS)}
    ranked = sorted(found, key=lambda key: (order.get(key[0], len(order)), *key))
    return [Figures(names.readable(key[0], names.KPIS), key[1], found[key]) for key in ranked]
