"""Bar charts → figures: one number over each year, under a title that names a KPI whole.

What stands in the picture is read by its place: a chart whose years have no number, or two, says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from esg.domain import Box, Page, Span, Word
from esg.kpi import context as around
from esg.kpi import lexicon, numbers, periods, units
from esg.kpi.figure import Figure, value_of
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Number, Style
from esg.kpi.quote import quote_span

_YEAR = re.compile(r"(?:FY|CY)?['’]?(?:20[0-4]\d|(?<=FY)\d\d|(?<=CY)\d\d)", re.IGNORECASE)
_FIGURE = re.compile(rf"[~≈]?(?:{numbers.NUMBER})\s?%?")
_LEVEL_POINTS = 2.5  # between the middles of words on one line
_LEAST_STEP_POINTS = 18.0  # between two years of an axis
_EVEN = 0.25  # of a step, by which steps may differ
_OVER = 0.3  # of a step, by which a number may stand beside its year
_HIGHEST_POINTS = 250.0  # from the years up to the title
_BESIDE_POINTS = 60.0  # by which a title may end left of its first year


class Bar(NamedTuple):
    year: Word
    figure: Word


class Title(NamedTuple):
    """The block that names a KPI, and all lines between it and the chart."""

    entry: Entry
    start: int
    bottom: float
    lines: tuple[str, ...]


def read_charts(page: Page, *, style: Style | None, company: str) -> list[Figure]:
    """Read the charts of a page."""
    loose = [word for word in page.words if not _in_table(page, word)]
    figures = []
    for axis in _axes(page, loose):
        if title := _title(page, axis, company):
            bars = _bars(page, axis, loose, title.bottom - _LEVEL_POINTS)
            figures += [f for bar in bars if (f := _figure(page, bar, bars, title, style))]
    return figures


def _axes(page: Page, words: Sequence[Word]) -> Iterator[list[Word]]:
    """Rows of years that follow one another at even steps."""
    years = [word for word in words if _YEAR.fullmatch(_text(page, word))]
    levels: dict[int, list[Word]] = {}
    for word in years:
        level = next((y for y in levels if abs(y - _middle(word.box)) <= _LEVEL_POINTS), None)
        levels.setdefault(round(_middle(word.box)) if level is None else level, []).append(word)
    for level_words in levels.values():
        yield from _runs(page, sorted(level_words, key=lambda word: word.box.x0))


def _runs(page: Page, words: Sequence[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        if run and not _goes_on(page, [*run, word]):
            yield from [run] if len(run) > 1 else []
            run = []
        run.append(word)
    yield from [run] if len(run) > 1 else []


def _goes_on(page: Page, run: Sequence[Word]) -> bool:
    years = [periods.find(_text(page, word))[0].year for word in run]
    steps = [_centre(b.box) - _centre(a.box) for a, b in pairwise(run)]
    is_even = max(steps) - min(steps) <= _EVEN * max(steps) and min(steps) >= _LEAST_STEP_POINTS
    return is_even and len({b - a for a, b in pairwise(years)}) == 1 and abs(years[1] - years[0]) == 1


def _bars(page: Page, axis: Sequence[Word], words: Sequence[Word], top: float) -> list[Bar]:
    """The one number over each year, below the title; nothing where a year has none or several."""
    step = _centre(axis[1].box) - _centre(axis[0].box)
    bars = []
    for year in axis:
        over = [
            word
            for word in words
            if top < word.box.y0 < year.box.y0 and abs(_centre(word.box) - _centre(year.box)) <= _OVER * step
        ]
        figures = [word for word in over if _FIGURE.fullmatch(_text(page, word))]
        if len(figures) != 1 or _YEAR.fullmatch(_text(page, figures[0])):
            return []
        bars.append(Bar(year, figures[0]))
    return bars


def _title(page: Page, axis: Sequence[Word], company: str) -> Title | None:
    """The nearest line over an axis that names a KPI, with only units and numbers between."""
    left, right, bottom = axis[0].box.x0, axis[-1].box.x1, axis[0].box.y0
    above = [
        block
        for block in page.blocks
        if not block.kind.is_running
        and 0 <= bottom - block.box.y1 + _LEVEL_POINTS <= _HIGHEST_POINTS
        and min(right, block.box.x1) > max(left - _BESIDE_POINTS, block.box.x0)
    ]
    lines: list[str] = []
    for block in sorted(above, key=lambda block: -block.box.y1):
        line = lexicon.without(around.line(page, block), company)
        lines.append(line)
        bare = units.without(periods.without(line))
        if entry := lexicon.name(bare):
            return None if _is_of_else(line) else Title(entry, block.start, block.box.y1, tuple(lines))
        if not _says_nothing(bare):
            return None
    return None


def _says_nothing(line: str) -> bool:
    """Whether a line is but a unit or numbers of the scale."""
    return lexicon.is_header(re.sub(r"[\d.,%]+", " ", line))


def _is_of_else(line: str) -> bool:
    return lexicon.names_part(line) or lexicon.is_no_actual(line) or units.is_ratio(line)


def _figure(page: Page, bar: Bar, bars: Sequence[Bar], title: Title, style: Style | None) -> Figure | None:
    entry, text = title.entry, _text(page, bar.figure)
    number = numbers.in_cell(text, style)
    unit = number and _unit(text, number, title)
    if number is None or unit is None:
        return None
    method = entry.method(next((m for line in title.lines if (m := around.method_of(line))), ""))
    end = max(word.end for each in bars for word in each)
    span = Span(page.number, title.start, max(end, bar.figure.end))
    return Figure(
        key=entry.key_of(method),
        value=value_of(number, unit),
        unit=entry.unit,
        raw_value=number.text,
        raw_unit=unit.text.strip(),
        period=periods.find(_text(page, bar.year))[0],
        method=method,
        boundary="",
        quote=quote_span(
            span, page.text[span.start : span.end], bar.figure.start - span.start, bar.figure.end - span.start
        ),
        rank=3,
        is_second=entry.is_second(" ".join(title.lines)),
    )


def _unit(text: str, number: Number, title: Title) -> units.Unit | None:
    entry, near = title.entry, (text[number.end :], *title.lines)
    if entry.dimension == "rate":
        return units.Unit(units.basis(near), "rate")
    if entry.dimension == "people":
        return None if "%" in " ".join(near) else units.Unit("", "people")
    unit = units.first(near, entry.dimension)
    if unit is None or any(units.is_scaled(line, unit) for line in near):
        return None
    return unit if entry.dimension == "share" or not units.find(text, "share") else None


def _in_table(page: Page, word: Word) -> bool:
    return any(table.start <= word.start < table.end for table in page.tables)


def _text(page: Page, word: Word) -> str:
    return page.text[word.start : word.end]


def _centre(box: Box) -> float:
    return (box.x0 + box.x1) / 2


def _middle(box: Box) -> float:
    return (box.y0 + box.y1) / 2
