"""Tables → intensities of emissions: a row that names one, its unit whole or put together from words near."""

import re
from collections.abc import Sequence
from dataclasses import replace

from esg.domain import Page, Table
from esg.kpi import context as around
from esg.kpi import lexicon, periods, ratios, units
from esg.kpi.compare import unequivocal
from esg.kpi.context import Context
from esg.kpi.figure import Figure
from esg.kpi.intensity import figure, pattern, without_name
from esg.kpi.numbers import Style
from esg.kpi.printed import Printed, is_part, printed_in
from esg.kpi.prose import assumed
from esg.kpi.ratios import Ratio
from esg.kpi.rows import rows
from esg.kpi.toml import parsed

_MAY_BE = re.compile(r"intensit|emi(?:ssions?|tted)\b.*?(?:\bper\b|/)|co2e?\W{0,2}(?:/|per\b)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+\d?|\d+")
_ABOVE = ("header", "section", "head", "caption")


def read_intensities(
    page: Page, table: Table, *, style: Style | None, caption: str, company: str, year: int | None
) -> list[Figure]:
    """Read the intensities of one table; what could be two things is left out."""
    if not _MAY_BE.search(
        f"{around.headings_above(page, table.start)} {caption} {page.text[table.start : table.end]}"
    ):
        return []
    found = list(rows(page, table, style))
    printed = printed_in(page, table, found, caption=caption, company=company, year=year)
    return unequivocal([read for p in printed if (read := _in_cell(p))])


def _in_cell(printed: Printed) -> Figure | None:
    context, number, period = printed.context, printed.number, printed.period
    if period is None or number.is_ambiguous or number.value < 0 or number.text == str(period.year):
        return None
    if not _is_named(printed) or _is_of_else(context) or _is_share(printed):
        return None
    ratio = _ratio(printed)
    if ratio is None:
        return None
    read = figure(ratio, number, period, printed.quote, texts=context.near, rank=0)
    restated = around.is_restated(context.header, context.label)
    return assumed(replace(read, method=around.method(context), restated=restated))


def _is_named(printed: Printed) -> bool:
    """Whether the row names the intensity with no word to spare, or leaves the name to what stands above."""
    context = printed.context
    label = periods.without(context.label)
    bare = lexicon.clean(_bare(label))
    if not all(pattern("words").fullmatch(word) for word in _WORD.findall(bare)):
        return False
    if not lexicon.is_header(periods.without(_bare(context.header))):
        return False
    if pattern("name").search(f"{label} | {printed.row.unit}"):
        return True
    above = (context.section, context.head, context.caption, context.heading)
    return bool(pattern("short").fullmatch(bare)) and any(pattern("name").search(text) for text in above)


def _bare(label: str) -> str:
    """A label without its unit and what it is counted per."""
    if ratio := ratios.find(label):
        label = f"{label[: ratio.unit.start]} {label[ratio.unit.end :]}"
    if per := ratios.denominator(label):
        label = f"{label[: per.start]} {label[per.end :]}"
    return units.without(label)


def _is_of_else(context: Context) -> bool:
    near = (context.label, context.header, context.section, context.head, context.caption)
    if any(pattern("never").search(text) for text in near) or lexicon.is_no_actual(context.header):
        return True
    return is_part(replace(context, **{name: without_name(getattr(context, name)) for name in _ABOVE}))


def _is_share(printed: Printed) -> bool:
    context = printed.context
    return any(
        units.find(text, "share")
        for text in (printed.behind, printed.row.unit, context.label, context.header)
    )


def _ratio(printed: Printed) -> Ratio | None:
    """The unit nearest to the figure, whole or put together from a unit of mass and a "per employee"."""
    near = (printed.behind, printed.row.unit, *printed.context.near)
    if not any(units.names_gas(text) for text in near):
        return None
    if whole := ratios.first(near):
        return _with_noun(whole, near)
    mass = units.first(near[:-1], "mass")
    per = next((found for text in near if (found := ratios.denominator(text))), None)
    return Ratio(mass, per.name) if mass and per else None


def _with_noun(ratio: Ratio, near: Sequence[str]) -> Ratio:
    """ "tCO2e/€m" in a row of "emissions by turnover" is per million euros of turnover."""
    named = (per.name for text in near if (per := ratios.denominator(text)))
    noun = next((name for name in named if name in ("revenue", "turnover", "sales")), "")
    is_money = ratio.per.split()[-1] in parsed("intensity")["money"]["currencies"]
    return ratio._replace(per=f"{ratio.per} {noun}") if noun and is_money else ratio
