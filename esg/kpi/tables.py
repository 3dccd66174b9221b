"""Tables → figures: a row label that names a KPI whole, a column that names a year, a unit somewhere near."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from esg.domain import Cell, Page, Span, Table
from esg.kpi import context as around
from esg.kpi import lexicon, numbers, periods, units
from esg.kpi.context import Context
from esg.kpi.figure import Figure, in_unit
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Number, Style
from esg.kpi.periods import Period
from esg.kpi.quote import quote_span

_GENERIC = re.compile(
    r"(?:grand |sub-?)?(?:total|sum|group|overall|consolidated|company)(?: (?:total|emissions?|group|consumption))?|"
    r"\(?(?:market|location)[- ]based\)?(?: method| approach)?|",
    re.IGNORECASE,
)
_NOT_A_FIGURE = re.compile(
    r"%? ?\b(?:change|variance|var\.|delta|trend|target|goal|yoy|y-o-y|growth|difference|since|vs\.?|"
    r"compared|reduction|like[- ]for[- ]like|lfl|limit|threshold|budget|forecast|plan)\b|Δ|\+/-|±",
    re.IGNORECASE,
)
_HEADER_WORDS = re.compile(
    r"fy|cy|financial|fiscal|calendar|year|ended|ending|reporting|period|as|at|of|the|in|for|to|and|december|june|"
    r"march|september|dec|jun|mar|sep|sept|jan|feb|apr|may|jul|aug|oct|nov|january|february|april|july|august|"
    r"october|november|actual|actuals|group|total|consolidated|overall|performance|results?|value|values|data|"
    r"figures?|emissions?|ghg|greenhouse|gas|co2?e?|eq|e|current|previous|prior|base|baseline|restated|reported|"
    r"assured|audited|unit|units|amount|quantity|number|consumption|annual|metric|tons?|tonnes?|t|kt|mt|k|"
    r"thousands?|millions?|gwh|mwh|kwh|emwh|tj|gj|mj|pj|m3|m|ml|kl|litres?|cubic|metres?|kg|market|location|based|"
    r"method|headcount|fte|people|employees|key|figure|indicators?|per|cent|percent|carbon|dioxide|equivalents?|"
    r"limited|reasonable|assurance|scope|energy|water|waste|comparative|note|notes|\d+|[a-z]",
    re.IGNORECASE,
)
_PER_YEAR = re.compile(r"\s*(?:/|\bper\b) ?(?:year|annum|a\b)|\bp\. ?a\.", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+\d?|\d+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row's label, the unit told in a cell of its own, its figures and the section it stands in."""

    label: str
    unit: str
    cells: tuple[tuple[Cell, Number], ...]
    section: str
    span: Span
    text: str


def read_table(page: Page, table: Table, *, style: Style) -> list[Figure]:
    """Read the KPIs of one table; what could be two things is left out."""
    texts = [page.text[c.start : c.end] for row in table.rows for c in row]
    style = numbers.style_of(texts, style) or style
    title = f"{table.caption} | {around.line_above(page, table)}"
    heading = around.heading_above(page, table.start)
    rows = list(_rows(page, table, style))
    scopes = _scopes([row.label for row in rows] + [row.section for row in rows])
    figures = [
        figure
        for row in rows
        for cell, number in row.cells
        if (figure := _figure(page, row, cell, number, title, heading, scopes))
    ]
    return _unequivocal(figures)


def _rows(page: Page, table: Table, style: Style) -> Iterator[Row]:
    section = ""
    for cells in table.rows:
        if not cells:
            continue
        row = _row(page, cells, section, style)
        if row.cells:
            yield row
        elif row.label and not periods.find(row.label):
            section = row.label


def _row(page: Page, cells: Sequence[Cell], section: str, style: Style) -> Row:
    label: list[str] = []
    unit, figures = "", []
    for cell in cells:
        text = page.text[cell.start : cell.end].strip()
        number = _number(text, cell, style)
        if number and not (cell.column == 0 and not _is_figure_column(cells)):
            figures.append((cell, number))
        elif figures or not text:
            continue
        elif label and _is_unit(text):
            unit = text
        else:
            label.append(text)
    span = Span(page.number, cells[0].start, cells[-1].end)
    return Row(" ".join(label), unit, tuple(figures), section, span, page.text[span.start : span.end])


def _is_figure_column(cells: Sequence[Cell]) -> bool:
    """Whether the first cell can be a figure: only where it is the only one."""
    return len(cells) == 1


def _number(text: str, cell: Cell, style: Style) -> Number | None:
    """A figure that fills its cell but for a unit, a sign and marks."""
    number = numbers.in_cell(text, style)
    if number is None:
        return None
    rest = text[: number.start] + " " + text[number.end :]
    words = [w for w in _WORD.findall(lexicon.clean(rest)) if not w.isdigit()]
    return number if all(_HEADER_WORDS.fullmatch(w) for w in words) else None


def _is_unit(text: str) -> bool:
    words = _WORD.findall(lexicon.clean(text))
    is_short = len(words) <= 4
    return is_short and any(units.find(text, d) for d in ("mass", "energy", "volume", "share", "people"))


def _figure(
    page: Page, row: Row, cell: Cell, number: Number, title: str, heading: str, scopes: frozenset[str]
) -> Figure | None:
    header = " ".join(cell.header)
    context = Context(row.label, header, row.section, title, heading)
    period = _period(context)
    if period is None or _NOT_A_FIGURE.search(f"{header} | {row.label}") or _is_subset(context):
        return None
    if entry := _entry(context, scopes):
        return _of_entry(page, row, cell, number, context, period, entry)
    if (category := _category(context)) is not None:
        figure = _of_entry(page, row, cell, number, context, period, _scope3())
        return figure and replace(figure, key=f"scope3_cat{category}", rank=1)
    return None


def _scope3() -> Entry:
    return next(e for e in lexicon.entries() if e.key == "scope3")


def _period(context: Context) -> Period | None:
    """The column's year, else the row's, else the one year that the section, title or heading names."""
    for text in (context.header, context.label):
        if found := periods.find(text):
            years = {p.year for p in found}
            return found[0] if len(years) == 1 and not found[0].is_partial else None
    return next((p for text in context.near[2:4] if (p := periods.only(text))), None)


def _bare(text: str) -> str:
    """A text without its periods."""
    for period in reversed(periods.find(text)):
        text = text[: period.start] + " " + text[period.end :]
    return " ".join(text.split())


def _entry(context: Context, scopes: frozenset[str]) -> Entry | None:
    """Which KPI the row (or, in a table turned round, the column) names."""
    label = lexicon.clean(_bare(context.label))
    if _GENERIC.fullmatch(label):
        return _generic(context, label, scopes)
    return lexicon.name(label) if _plain(context.header) else None


def _generic(context: Context, label: str, scopes: frozenset[str]) -> Entry | None:
    """ "Total" and "Market-based" mean what their column, section or title says."""
    header = _bare(context.header)
    if entry := lexicon.name(header):
        return entry
    if not _plain(header):
        return None
    for outer in (context.section, *context.caption.split(" | ")):
        outer = _bare(outer)
        if entry := lexicon.name(f"{outer} {label}") or lexicon.name(outer):
            return _sum_of(entry, scopes)
    return None


def _sum_of(entry: Entry, scopes: frozenset[str]) -> Entry:
    """The total of a table that shows scopes 1 and 2 only is no total of all emissions."""
    if entry.key == "total_ghg" and scopes == {"1", "2"}:
        return next(e for e in lexicon.entries() if e.key == "scope1_2")
    return entry


def _scopes(labels: Sequence[str]) -> frozenset[str]:
    return frozenset(re.findall(r"\bscope\W{0,2}([123])\b", " ".join(labels).lower()))


def _category(context: Context) -> int | None:
    label = _bare(context.label)
    number = lexicon.category(label)
    is_numbered = bool(re.match(r"\W*(?:scope\W*)?(?:3\.\d|cat)", label, re.IGNORECASE))
    outer = " ".join(context.near[1:])
    if number is None or not (is_numbered or re.search(r"\bscope\W{0,2}3\b", outer, re.IGNORECASE)):
        return None
    return number if _plain(context.header) else None


def _plain(header: str) -> bool:
    """Whether a column header says nothing but a period, a unit and that it is the group's total."""
    words = _WORD.findall(lexicon.clean(_bare(header)))
    return all(_HEADER_WORDS.fullmatch(w) for w in words)


def _is_subset(context: Context) -> bool:
    return lexicon.names_subset(f"{context.header} | {context.section} | {context.caption}")


def _of_entry(
    page: Page, row: Row, cell: Cell, number: Number, context: Context, period: Period, entry: Entry
) -> Figure | None:
    unit = _unit(page, row, cell, number, context, entry)
    if unit is None:
        return None
    method = around.method(context) if entry.methods else ""
    key = f"{entry.key}_{method or 'unspecified'}" if entry.methods else entry.key
    quote = quote_span(row.span, row.text, cell.start - row.span.start, cell.end - row.span.start)
    return Figure(
        key=key,
        value=in_unit(entry.unit, number.value, unit.factor),
        unit=entry.unit,
        raw_value=number.text,
        raw_unit=unit.text.strip(),
        period=period,
        method=(method or "unspecified") if entry.methods else "",
        boundary=around.boundary(context.caption, context.heading),
        quote=quote,
        rank=0,
        restated=around.is_restated(context.header, context.label),
        flags=("ambiguous_separator",) if number.is_ambiguous else (),
    )


def _unit(
    page: Page, row: Row, cell: Cell, number: Number, context: Context, entry: Entry
) -> units.Unit | None:
    """The unit nearest to the figure; None where there is none, a ratio or one of another dimension."""
    text = page.text[cell.start : cell.end].strip()
    own = text[number.end :]
    if entry.dimension == "rate":
        return units.Unit("", "rate", 1.0, 0, 0)
    near = (own, row.unit, *context.near)
    if "%" in own and entry.dimension != "share":
        return None
    if entry.dimension == "people":
        return _people(near)
    if any(units.is_ratio(_PER_YEAR.sub("", t)) for t in (row.unit, context.label, context.header)):
        if entry.dimension != "share":
            return None
    unit = units.first(near, entry.dimension)
    if unit and entry.gas and not any(units.names_gas(t) or "scope" in t.lower() for t in (unit.text, *near)):
        return None
    return unit


def _people(near: Sequence[str]) -> units.Unit:
    unit = units.first(near, "people")
    return unit or units.Unit("", "people", 1.0, 0, 0)


def _unequivocal(figures: Sequence[Figure]) -> list[Figure]:
    """Leave out what one table says twice and differently: its rows are of parts we cannot tell apart."""
    values: dict[tuple[str, int], set[float]] = {}
    for figure in figures:
        values.setdefault((figure.key, figure.year), set()).add(figure.value)
    return [f for f in figures if len(values[f.key, f.year]) == 1]
