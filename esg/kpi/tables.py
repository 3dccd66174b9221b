"""Tables → figures: a row label that names a KPI whole, a column that names a year, a unit somewhere near."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from esg.domain import Page, Span, Table
from esg.kpi import context as around
from esg.kpi import lexicon, periods, units
from esg.kpi.checks import scope_sums
from esg.kpi.compare import unequivocal
from esg.kpi.context import Context
from esg.kpi.figure import Figure, agree, value_of
from esg.kpi.lexicon import Entry
from esg.kpi.notes import footnotes
from esg.kpi.numbers import Style
from esg.kpi.periods import Period
from esg.kpi.printed import Printed, is_part, is_total, printed_in
from esg.kpi.prose import assumed
from esg.kpi.rows import Row, rows

_BY = re.compile(r"\b(?:by|per) (?!cent)(?:[a-z]+)\b.*", re.IGNORECASE)
_RATE = re.compile(r"\b(?:rates?|ratio|per (?:one |1 )?million|hours?)\b", re.IGNORECASE)
_HEADS = units.Unit("", "people")
_PER_YEAR = re.compile(r"\s*(?:/|\bper\b) ?(?:year|annum|a\b)|\bp\. ?a\.", re.IGNORECASE)


class Shown(NamedTuple):
    """What a table shows: the scopes it names, and the sections that have a total of their own."""

    scopes: frozenset[str]
    totals: frozenset[str]


def read_table(
    page: Page, table: Table, *, style: Style | None, caption: str, company: str, year: int | None = None
) -> list[Figure]:
    """Read the KPIs of one table; what could be two things is left out.

    `year` stands in where a table of one column names none.

    `style` is the document's way to write figures, None where it shows none; that of the row or column comes
    first.
    """
    found = list(rows(page, table, style))
    shown = _shown(found)
    printed = printed_in(page, table, found, caption=caption, company=company, year=year)
    figures = [_figure(p, shown) for p in printed]
    read = unequivocal([f for f in figures if f])
    nameless = [p for p, figure in zip(printed, figures, strict=True) if figure is None]
    return [*read, *(f for p in nameless if (f := _sum(p, read)))]


def value_at(
    page: Page, table: Table, entry: Entry, place: Span, *, style: Style | None, caption: str, company: str
) -> float | None:
    """What a table says of the figure at a place, known to be of a KPI, in that KPI's unit.

    None where the cell holds more than a figure, or no unit of the KPI stands near.
    """
    found = list(rows(page, table, style))
    for printed in printed_in(page, table, found, caption=caption, company=company, year=None):
        if printed.cell.start <= place.start < printed.cell.end:
            unit = None if printed.number.is_ambiguous else _unit(printed, entry)
            return value_of(printed.number, unit) if unit else None
    return None


def _sum(printed: Printed, read: Sequence[Figure]) -> Figure | None:
    """A "Total" that nothing names, of emissions by scope: it is what the scopes above it add up to."""
    context = printed.context
    if not read or not _is_bare_total(context) or is_part(context) or (period := printed.period) is None:
        return None
    for parts, key in ((("1", "2", "3"), "total_ghg"), (("1", "2"), "scope1_2")):
        sums = scope_sums(read, period.year, parts)
        figure = _of_entry(printed, period, lexicon.entry(key)) if sums else None
        named = [method for total, method in sums if figure and agree(total, figure.value)]
        if figure and named:
            return replace(figure, method=named[0])
    return None


def _is_bare_total(context: Context) -> bool:
    header = periods.without(context.header)
    is_turned = not periods.without(context.label) and is_total(header)
    return lexicon.is_header(header) and (is_turned or is_total(context.label))


def _figure(printed: Printed, shown: Shown) -> Figure | None:
    context = printed.context
    period = printed.period
    if period is None or lexicon.is_no_actual(f"{context.header} | {context.label}") or is_part(context):
        return None
    if (category := _category(context)) is not None:
        figure = _of_entry(printed, period, lexicon.entry("scope3"))
        return figure and replace(figure, key=f"scope3_cat{category}")
    entry = _entry(context, shown)
    is_year = printed.number.text == str(period.year)  # a header that was not seen as one
    return _of_entry(printed, period, entry) if entry and not is_year else None


def _entry(context: Context, shown: Shown) -> Entry | None:
    """Which KPI the row names or, in a table turned round, the column."""
    label, header = lexicon.clean(periods.without(context.label)), periods.without(context.header)
    if lexicon.is_generic(bare := units.without(label)):
        label = bare
        turned = lexicon.name(header)
        if turned or not lexicon.is_header(header):
            turned = turned or lexicon.name(f"{label} {header}")
            return turned and _sum_of(turned, shown)
        return _outer(context, label, shown) or _named_alone(label, shown)
    if lexicon.is_partial(label):
        return lexicon.name(f"{label} {header}") or _outer(context, label, shown)
    if not lexicon.is_header(header):
        return _of_women(label, (header,))
    entry = lexicon.name(label) or _of_women(label, (context.section, context.head, context.caption))
    return entry and _sum_of(entry, shown)


def _of_women(label: str, outer: Sequence[str]) -> Entry | None:
    """ "Management" in a column or table of women's shares."""
    parts = (part for text in outer for part in re.split(r" [|–-] ", periods.without(text)))
    if not any(lexicon.is_partial(part) for part in parts):
        return None
    entry = lexicon.name(f"women {label}")
    return entry if entry and entry.dimension == "share" else None


def _named_alone(label: str, shown: Shown) -> Entry | None:
    """ "Total emissions" is a name by itself where nothing around it names another."""
    entry = lexicon.name(label)
    return entry and _sum_of(entry, shown)


def _ends_all(context: Context, shown: Shown) -> bool:
    """Whether a total may be of the whole table: it stands under one of several scopes, and alone does so."""
    if not (is_total(context.label) and lexicon.names_scope(context.section) and len(shown.scopes) > 1):
        return False
    return len(shown.totals) == 1 and not lexicon.says_total(context.section)


def _outer(context: Context, label: str, shown: Shown) -> Entry | None:
    """ "Total" and "Market-based" mean what their section or title says; "X by Y" totals to X."""
    if _ends_all(context, shown):
        return None
    for outer in (context.section, context.head, *re.split(r" [|–-] ", context.caption)):
        bare = _BY.sub("", periods.without(outer))
        texts = (f"{label} {bare}", f"{bare} {label}", *((bare,) if lexicon.is_generic(label) else ()))
        if entry := next((e for text in texts if (e := lexicon.name(text))), None):
            return _sum_of(entry, shown)
    return None


def _sum_of(entry: Entry, shown: Shown) -> Entry:
    """The total of a table that shows scopes 1 and 2 only is no total of all emissions."""
    return lexicon.entry("scope1_2") if entry.key == "total_ghg" and shown.scopes == {"1", "2"} else entry


def _shown(found: Sequence[Row]) -> Shown:
    labels = " ".join(text for row in found for text in (row.label, row.section))
    scopes = re.findall(r"\bscope\W{0,2}([123])\b", labels.lower())
    return Shown(frozenset(scopes), frozenset(row.section for row in found if is_total(row.label)))


def _category(context: Context) -> int | None:
    """A category of scope 3, where the label or what stands around it says that it is one."""
    label = periods.without(context.label)
    number = lexicon.category(label)
    is_numbered = re.match(r"\W*(?:scope\W*)?(?:3\.\d|cat)", label, re.IGNORECASE)
    around_it = " ".join(context.near[1:])
    if number is None or not (is_numbered or re.search(r"\bscope\W{0,2}3\b", around_it, re.IGNORECASE)):
        return None
    return number if lexicon.is_header(periods.without(context.header)) else None


def _of_entry(printed: Printed, period: Period, entry: Entry) -> Figure | None:
    unit = _unit(printed, entry)
    is_unsure = printed.number.is_ambiguous and entry.dimension in units.PHYSICAL
    if unit is None or is_unsure or printed.number.value < 0:
        return None
    context, number = printed.context, printed.number
    method = entry.method(around.method(context) or _noted_method(printed) if entry.methods else "")
    restating = (context.header, context.label, *footnotes(printed.page, printed.cell.end, context.header))
    figure = Figure(
        key=entry.key_of(method),
        value=value_of(number, unit),
        unit=unit.text if entry.dimension == "rate" and unit.text else entry.unit,
        raw_value=number.text,
        raw_unit=unit.text.strip(),
        period=period,
        method=method,
        boundary=around.boundary(context.caption, context.heading),
        quote=printed.quote,
        rank=0,
        is_total=lexicon.says_total(context.header) or lexicon.says_total(context.label),
        is_second=entry.is_second(f"{context.label} {context.header} {context.section} {context.caption}"),
        restated=around.is_restated(*restating),
    )
    return assumed(figure)


def _noted_method(printed: Printed) -> str:
    """The method of scope 2 that a footnote to the row, its section or its title begins with."""
    notes = footnotes(printed.page, printed.cell.end, *printed.context.near)
    return next((named for note in notes if (named := around.method_of(note.split(". ")[0]))), "")


def _unit(printed: Printed, entry: Entry) -> units.Unit | None:
    """The unit nearest to the figure; None where there is none, a ratio or one of another dimension."""
    context = printed.context
    own = printed.behind
    near = (own, printed.row.unit, *context.near)
    if entry.dimension == "rate":
        return units.Unit(units.basis(near), "rate")
    if entry.dimension == "people":
        return None if _is_no_count(printed, own) else _people(near)
    if entry.dimension != "share" and ("%" in own or _is_ratio(printed.row.unit, context)):
        return None
    if entry.dimension != "share" and _is_of_shares(context, entry):
        return None
    unit = units.first(near, entry.dimension)
    is_gas = any(units.names_gas(text) for text in near) or lexicon.names_scope(context.label)
    if unit is None or any(units.is_scaled(text, unit) for text in near) or _is_of_ratio(unit, near):
        return None
    return unit if entry.dimension != "mass" or entry.gas == is_gas else None


def _is_of_ratio(unit: units.Unit, near: Sequence[str]) -> bool:
    """Whether the unit goes on as one per something else: "t CO2e per employee"."""
    text = next(text for text in near if units.find(text, unit.dimension))
    return unit.dimension != "share" and units.goes_on(_PER_YEAR.sub("", text[unit.end :]))


def _people(near: Sequence[str]) -> units.Unit | None:
    """The word for people nearest to the figure; None where a scale stands beside it."""
    unit = units.first(near, "people") or _HEADS
    return None if any(units.is_scaled(text, unit) for text in near[:-2]) else unit  # captions speak of money


def _is_no_count(printed: Printed, own: str) -> bool:
    """Whether a figure is a share, a rate or has a decimal: none of these counts people."""
    context = printed.context
    over = (context.label, context.header, context.section, context.head)
    texts = (own, printed.row.unit, *over)
    is_share = any(units.find(t, "share") or _RATE.search(t) for t in texts)
    has_part = bool(re.search(r"[.,]\d{1,2}$", printed.number.text))
    return is_share or (has_part and not lexicon.entry("employees").is_second(" ".join(over)))


def _is_of_shares(context: Context, entry: Entry) -> bool:
    """Whether the column or row is of percentages and not of amounts."""
    texts = (context.label, context.header)
    return any(units.find(t, "share") and not units.find(t, entry.dimension) for t in texts)


def _is_ratio(unit: str, context: Context) -> bool:
    texts = (unit, periods.without(context.label), periods.without(context.header))  # "2022/23"
    return any(units.is_ratio(_PER_YEAR.sub("", text)) for text in texts)
