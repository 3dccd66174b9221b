"""Items in reading order → sheets: at the document's own page breaks, else of about one page's text."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby
from statistics import median

from esg.domain import BlockKind
from esg.extract.html.flow import Break, Item, Prose, Tabular

Content = Prose | Tabular

VIRTUAL_CHARACTERS = 3500  # of a page where the document has none
_EARLIEST = 0.7  # of that, before a heading
_MAX_CHARACTERS = 20_000  # a longer page is cut: somebody has to look at it
_MIN_RULES = 5
_RULED_CHARACTERS = (800, 12_000)  # between rules that part pages, in the middle of the document


def paginate(items: Sequence[Item]) -> list[list[Content]]:
    """Part the items into sheets; none is empty."""
    sheets = _at_breaks(items, with_rules=_rules_part_pages(items))
    if len(sheets) == 1:
        return _virtual(sheets[0], VIRTUAL_CHARACTERS)
    return [part for sheet in sheets for part in _virtual(sheet, _MAX_CHARACTERS)]


def _at_breaks(items: Iterable[Item], *, with_rules: bool) -> list[list[Content]]:
    sheets: list[list[Content]] = [[]]
    for item in items:
        if not isinstance(item, Break):
            sheets[-1].append(item)
        elif item.certain or with_rules:
            sheets.append([])
    return [sheet for sheet in sheets if sheet]


def _rules_part_pages(items: Sequence[Item]) -> bool:
    """Whether <hr> ends pages here: old filings have no other mark."""
    if any(isinstance(item, Break) and item.certain for item in items):
        return False
    lengths = [sum(map(length, sheet)) for sheet in _at_breaks(items, with_rules=True)]
    low, high = _RULED_CHARACTERS
    return len(lengths) > _MIN_RULES and low <= median(lengths) <= high


def length(content: Content) -> int:
    """Characters of a piece of content."""
    if isinstance(content, Prose):
        return len(content.text)
    return sum(len(entry.text) + 1 for row in content.grid.rows for entry in row)


def _virtual(sheet: list[Content], characters: int) -> list[list[Content]]:
    """Cut before the piece that would make a page too long, earlier before a heading."""
    pages: list[list[Content]] = [[]]
    filled = 0
    for piece in _pieces(sheet, characters):
        size = length(piece)
        is_heading = isinstance(piece, Prose) and piece.kind is BlockKind.HEADING
        if filled and (filled + size > characters or (is_heading and filled > _EARLIEST * characters)):
            pages.append(_taken_over(pages[-1]))
            filled = sum(map(length, pages[-1]))
        pages[-1].append(piece)
        filled += size
    return [page for page in pages if page]


def _taken_over(page: list[Content]) -> list[Content]:
    """Take headings off the foot of a page: they belong to what follows."""
    moved: list[Content] = []
    while len(page) > 1 and isinstance(page[-1], Prose) and page[-1].kind is BlockKind.HEADING:
        moved.insert(0, page.pop())
    return moved


def _pieces(sheet: list[Content], characters: int) -> Iterable[Content]:
    """Part tables that are longer than a page between their rows."""
    for content in sheet:
        if isinstance(content, Tabular) and length(content) > characters:
            yield from _parted(content, characters)
        else:
            yield content


def _parted(table: Tabular, characters: int) -> Iterable[Tabular]:
    rows = table.grid.rows
    ends = accumulate(sum(len(entry.text) + 1 for entry in row) for row in rows)
    for _, part in groupby(zip(rows, ends, strict=True), key=lambda row_end: row_end[1] // characters):
        yield Tabular(table.grid._replace(rows=tuple(row for row, _ in part)))
