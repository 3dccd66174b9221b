"""Sentences → intensities of emissions, each with its unit behind it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from esg.kpi import context as around
from esg.kpi import lexicon, numbers, periods, phrases, ratios, units
from esg.kpi.figure import Figure
from esg.kpi.intensity import figure, pattern, without_name
from esg.kpi.numbers import Number, Style
from esg.kpi.periods import Period
from esg.kpi.prose import Compared, Quantity, Sentence, assumed, compared, period_of, quote_of, unit_behind
from esg.kpi.ratios import Ratio

_YEAR = 10  # characters before a figure in which its year stands: "(FY2022: "


@dataclass(frozen=True, slots=True)
class _Found:
    number: Number
    ratio: Ratio

    @property
    def end(self) -> int:
        return self.ratio.unit.end

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.number, self.ratio.unit, self.end)


def intensities(sentence: Sentence, style: Style | None, year: int | None) -> Iterator[Figure]:
    """Read an intensity with its unit behind it, and the year before's that it is compared to."""
    text = sentence.text
    name = pattern("name").search(text)
    if name is None or not pattern("own").search(text) or _is_of_else(text):
        return
    found = list(_in_text(sentence, style))
    for each in found:
        period = _dated(text, each) or period_of(text, name.start(), each.end, year)
        if period is None or lexicon.names_part(_without_per(text, each.ratio)):
            continue
        before = compared(text, each.quantity, each.end, period.year, style)
        if not any(_is_rival(text, each, other, before) for other in found):
            yield from _figures(sentence, each, period, before, place=name.start())


def _is_of_else(text: str) -> bool:
    return bool(pattern("never").search(text)) or phrases.is_of_site(text)


def _dated(text: str, found: _Found) -> Period | None:
    """The year right before a figure: "(2022: 2.08 t per …)"."""
    before = text[: found.number.start].rstrip()
    return periods.only(before[-_YEAR:]) if before.endswith(":") else None


def _is_rival(text: str, found: _Found, other: _Found, before: Compared | None) -> bool:
    """Whether another figure per the same could be meant, as it is of no other year."""
    if other is found or other.ratio.per != found.ratio.per or _dated(text, found) or _dated(text, other):
        return False
    return before is None or other.number.text != before.number.text


def _figures(
    sentence: Sentence, found: _Found, period: Period, before: Compared | None, *, place: int
) -> Iterator[Figure]:
    """The figure and, in the same unit, "(2022: 21.7)" behind it."""
    quote = quote_of(sentence, min(place, found.number.start), found.end)
    read = figure(found.ratio, found.number, period, quote, texts=(sentence.text,), rank=2)
    now = assumed(replace(read, method=around.method_of(sentence.text)))
    yield now
    if before:
        yield replace(now, value=before.value, raw_value=before.number.text, period=before.period)


def _in_text(sentence: Sentence, style: Style | None) -> Iterator[_Found]:
    """Figures with a unit of intensity right behind them."""
    text = sentence.text
    for number in numbers.in_prose(sentence.raw, style):
        mass = unit_behind(text, number.end, "mass")
        per = mass and ratios.denominator_at(text, mass.end)
        if mass is None or per is None or number.is_ambiguous or not units.names_gas(mass.text):
            continue
        if not phrases.is_smaller(text[: number.start]) and not phrases.is_difference(text, per.end):
            printed = text[number.end : per.end].strip()
            yield _Found(number, Ratio(mass._replace(text=printed, end=per.end), per.name))


def _without_per(text: str, ratio: Ratio) -> str:
    return without_name(text.replace(ratio.unit.text, " "))
