"""Sentences → figures that a whole pattern names (data/sentences.toml): employees, shares, rates."""

import re
from collections.abc import Iterator
from dataclasses import replace

from esg.kpi import lexicon, numbers, phrases, units
from esg.kpi.figure import Figure, value_of
from esg.kpi.glossary import glossary
from esg.kpi.numbers import Style
from esg.kpi.periods import Period
from esg.kpi.prose import Quantity, Sentence, assumed, compared, period_of, quote_of, unit_behind

_NEAR = 60  # characters around a figure in which it may say of what
_PLACE = re.compile(
    r"\s(?:in|at|of)\s[^,.;&\d]{2,30}?(?=[.,;]|\s(?:in|at|on|as|by)\b|$)"
)  # one place, no list


def ruled(sentence: Sentence, style: Style | None, year: int | None) -> Iterator[Figure]:
    """Read the first rule that fits, and the year before behind it."""
    language = sentence.page.language
    is_foreign = glossary(language) is not None
    for rule in phrases.rules(language):
        match = rule.pattern.search(sentence.text)
        if match is None or rule.never.search(sentence.text) or _is_of_part(rule, match, is_foreign):
            continue
        quantity = _quantity(sentence, rule, match, style)
        end = max(match.end(), quantity.end) if quantity else 0
        period = quantity and period_of(sentence.text, match.start(), end, year)
        if quantity and period:
            yield _by_rule(sentence, rule, match, quantity, period)
            yield from _year_before(sentence, rule, match, quantity, period, style)
            return


def _is_of_part(rule: phrases.Rule, match: re.Match[str], is_foreign: bool) -> bool:
    """Whether a figure is of a part of the group: "100% of our electricity in Germany".

    In another language any word near it may say so: its patterns cannot say what may not stand in them.
    """
    text = match.string
    if (
        phrases.is_elsewhere(text)
        or phrases.is_of_site(_clause(text, match))
        or phrases.is_difference(text, match.end("number"))
    ):
        return True
    if lexicon.entry(rule.key).dimension == "people" and not is_foreign:
        place = _PLACE.match(text, match.end())
        return bool(place and lexicon.names_part(place[0]))
    return lexicon.names_part(text[max(0, match.start() - _NEAR) : match.end() + _NEAR])


def _clause(text: str, match: re.Match[str]) -> str:
    """The words from the comma before a match to the one behind it: another clause may name another site."""
    start, end = text.rfind(", ", 0, match.start()) + 1, text.find(", ", match.end())
    return text[start : end if end > 0 else len(text)]


def _quantity(
    sentence: Sentence, rule: phrases.Rule, match: re.Match[str], style: Style | None
) -> Quantity | None:
    """The rule's figure: a share, a rate and a count need no unit, all else has one behind it."""
    number = numbers.only(sentence.raw[slice(*match.span("number"))], style)
    dimension = lexicon.entry(rule.key).dimension
    if number is None or dimension not in units.PHYSICAL:
        printed = "%" if dimension == "share" else ""
        return number and Quantity(number, units.Unit(printed, dimension), match.end())
    unit = unit_behind(sentence.text, match.end("number"), dimension)
    return unit and Quantity(number, unit, unit.end)


def _by_rule(
    sentence: Sentence, rule: phrases.Rule, match: re.Match[str], quantity: Quantity, period: Period
) -> Figure:
    entry, number = lexicon.entry(rule.key), quantity.number
    basis = units.basis((sentence.text,)) if entry.dimension == "rate" else ""
    approximate = bool(match.groupdict().get("approx"))
    figure = Figure(
        key=rule.key,
        value=value_of(number, quantity.unit),
        unit=basis or entry.unit,
        raw_value=number.text,
        raw_unit=basis or quantity.unit.text,
        period=period,
        method="",
        boundary="",
        quote=quote_of(sentence, match.start(), match.end()),
        rank=4 if approximate else 2,
        flags=("approximate",) if approximate else (),
    )
    return assumed(figure)


def _year_before(
    sentence: Sentence,
    rule: phrases.Rule,
    match: re.Match[str],
    quantity: Quantity,
    period: Period,
    style: Style | None,
) -> Iterator[Figure]:
    """Read "(previous year: 693)" and "compared with 1,214 m3 in FY23" behind a figure, in the same unit."""
    start = match.start("number")
    placed = replace(quantity, number=quantity.number._replace(start=start))
    before = compared(sentence.text, placed, max(match.end(), quantity.end), period.year, style)
    if before:
        other = replace(quantity, number=before.number, unit=before.unit)
        yield _by_rule(sentence, rule, match, other, before.period)
