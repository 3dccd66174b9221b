"""Figures set large with their name below → figures: "31%" over "Women in leadership".

Only shares and rates are read so, and counts that say whose they are: others are often of a site.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from esg.domain import Block, BlockKind, Page, Span
from esg.kpi import context as around
from esg.kpi import lexicon, numbers, periods, units
from esg.kpi.beneath import Shelves
from esg.kpi.figure import Figure, in_unit
from esg.kpi.numbers import Style
from esg.kpi.periods import Period
from esg.kpi.prose import assumed, sentence_at
from esg.kpi.rows import figure as figure_in
from esg.kpi.ruled import ruled

_KINDS = (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.LIST)
_KEYS = ("women_in_management_share", "board_women_share", "ltifr", "trir")
_LONGEST = 100  # characters of a name
_LONGEST_FIGURE = 20
_GAP = 1.2  # of the figure's height, from the figure down to its name


def read_callouts(page: Page, *, style: Style | None, year: int | None, company: str) -> list[Figure]:
    """Read the figures set large on a page; `year` stands in where a name has none."""
    return [
        figure for large, name in _pairs(page) for figure in _read(page, large, name, style, year, company)
    ]


def _read(
    page: Page, large: Block, name: Block, style: Style | None, year: int | None, company: str
) -> Iterator[Figure]:
    """Read a figure and its name as a row's, else as a sentence: "38%" over "of our managers are women"."""
    if figure := _figure(page, large, name, style=style, year=year, company=company):
        yield figure
    elif large.end < name.start and page.text[large.end : name.start].isspace():
        sentence = sentence_at(page, Span(page.number, large.start, name.end), company)
        figures = [replace(figure, rank=3) for figure in ruled(sentence, style, year)]
        if figures and not _is_of_else(page, name, sentence.text):
            yield from figures


def _pairs(page: Page) -> Iterator[tuple[Block, Block]]:
    """Each figure with the one block right below it; none where that is a figure, too."""
    blocks = [block for block in page.blocks if block.kind in _KINDS]
    shelves = Shelves(blocks)
    for block in blocks:
        if block.end - block.start <= _LONGEST_FIGURE and numbers.in_cell(around.line(page, block), None):
            height = block.box.y1 - block.box.y0
            found = shelves.below(block.box, least=-0.2 * height, most=_GAP * height)
            below = list(islice(found, 2))
            if len(below) == 1 and below[0].end - below[0].start <= _LONGEST:
                yield block, below[0]


def _figure(
    page: Page, large: Block, name: Block, *, style: Style | None, year: int | None, company: str
) -> Figure | None:
    text, label = around.line(page, large), lexicon.without(around.line(page, name), company)
    number, entry = figure_in(text, style), lexicon.name(periods.without(label))
    if number is None or entry is None or entry.key not in _KEYS or _is_of_else(page, name, label):
        return None
    is_share = units.find(text, "share") is not None
    period = next(iter(periods.find(label)), Period("", year) if year else None)
    if period is None or is_share != (entry.dimension == "share"):
        return None
    start, end = min(large.start, name.start), max(large.end, name.end)
    if end - start > _LONGEST + _LONGEST_FIGURE:  # other text stands between
        return None
    basis = units.basis((label,))
    return assumed(
        Figure(
            key=entry.key,
            value=in_unit(number.value, 1.0),
            unit=basis or entry.unit,
            raw_value=number.text,
            raw_unit="%" if is_share else basis,
            period=period,
            method="",
            boundary="",
            quote=Span(page.number, start, end),
            rank=3,
            is_second=entry.is_second(label),
        )
    )


def _is_of_else(page: Page, name: Block, label: str) -> bool:
    """Whether the name or the heading over it speaks of a target, a part or someone else."""
    heading = around.headings_above(page, name.start)
    return any(lexicon.names_part(text) or lexicon.is_no_actual(text) for text in (label, heading))
