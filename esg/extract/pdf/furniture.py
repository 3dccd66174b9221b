"""The lines of all pages → those that run through the report (heads, feet, page numbers) and printed labels.

A line near the top or bottom edge is furniture when the same words (one number apart) stand at the same
height on several pages, or when it holds the number that counts the pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from esg.domain import BlockKind
from esg.extract.pdf.lines import Line
from esg.extract.pdf.sheet import Sheet

MARGIN = 0.12  # share of the page height where heads and feet stand
SAME_HEIGHT_POINTS = 6.0
REPEATS, REPEATED_SHARE = 3, 0.02  # a line on fewer pages may be a title that goes on
TITLE_SIZE, TITLE_SHARE = 1.3, 0.3  # large lines are titles unless they stand on this share of the pages
SAME_ROW_POINTS = 2.0
ROW_SHARE = 0.5  # of the pages have a line at the height of running lines
LONGEST_HEAD = 12  # words of a running line
NUMBER = re.compile(r"\d{1,4}\Z")
LABELLED_SHARE = 0.25  # of the pages with a number in the margin, for a count to be one


class Furniture(NamedTuple):
    """For one page: the indices of its running lines, and its label as printed."""

    kinds: dict[int, BlockKind]
    label: str


class Margin(NamedTuple):
    """A line near the top or bottom edge of a page."""

    page: int  # index of the sheet
    line: int
    kind: BlockKind
    key: str
    y: float
    size: float
    words: int
    ends: tuple[str, str]  # its first word and its last


class Edges(NamedTuple):
    """What of a page may run through the report."""

    file_label: str
    margins: list[Margin]


def read_edges(sheet: Sheet) -> Edges:
    return Edges(sheet.file_label, [*_margins(sheet)])


def edges_from(plain: Sequence[Any]) -> Edges:
    """Make edges of what JSON made of them."""
    file_label, margins = plain
    return Edges(file_label, [Margin(*margin)._replace(kind=BlockKind(margin[2])) for margin in margins])


def find_furniture(pages: Sequence[Edges], *, body_size: float) -> list[Furniture]:
    """Find the running lines and the printed label of every page of a report."""
    margins = [margin for page in pages for margin in page.margins]
    kinds: list[dict[int, BlockKind]] = [{} for _ in pages]
    for group in _by_key(margins):
        for margin in _repeated(group, len(pages), body_size):
            kinds[margin.page][margin.line] = margin.kind
    labels = _printed_labels(margins, kinds)
    for margin in _beside_running(margins, kinds, len(pages)):
        kinds[margin.page][margin.line] = margin.kind
    return [Furniture(kind, label) for kind, label in zip(kinds, _cross_check(pages, labels), strict=True)]


def _margins(sheet: Sheet) -> Iterator[Margin]:
    height = sheet.frame.height
    for index, line in enumerate(sheet.lines):
        if line.y1 < MARGIN * height:
            yield _margin(sheet, index, line, BlockKind.HEADER)
        elif line.y0 > (1 - MARGIN) * height:
            yield _margin(sheet, index, line, BlockKind.FOOTER)


def _margin(sheet: Sheet, index: int, line: Line, kind: BlockKind) -> Margin:
    words, text = [sheet.tokens[i].text for i in line.words], sheet.text(line)
    return Margin(sheet.index, index, kind, _key(text), line.y0, line.size, len(words), (words[0], words[-1]))


def _key(text: str) -> str:
    """Make lines equal that differ by the page number alone."""
    return re.sub(r"\d{1,4}", "#", text, count=1) if len(re.findall(r"\d+", text)) == 1 else text


def _by_key(margins: Sequence[Margin]) -> list[list[Margin]]:
    groups: dict[tuple[BlockKind, str], list[Margin]] = defaultdict(list)
    for margin in margins:
        if margin.key != "#":
            groups[margin.kind, margin.key].append(margin)
    return list(groups.values())


def _repeated(group: Sequence[Margin], pages: int, body_size: float) -> list[Margin]:
    """Keep the lines that repeat at one height on enough pages."""
    y = median(margin.y for margin in group)
    same = [margin for margin in group if abs(margin.y - y) <= SAME_HEIGHT_POINTS]
    on = len({margin.page for margin in same})
    enough = max(min(REPEATS, pages), 2, REPEATED_SHARE * pages)
    if group[0].size > TITLE_SIZE * body_size:
        enough = max(enough, TITLE_SHARE * pages)
    return same if on >= enough else []


def _beside_running(
    margins: Sequence[Margin], kinds: Sequence[Mapping[int, BlockKind]], pages: int
) -> Iterator[Margin]:
    """Find lines whose words change from page to page, at the height and in the size of running lines."""
    places: dict[tuple[BlockKind, float], list[Margin]] = defaultdict(list)
    for margin in sorted(margins, key=lambda margin: margin.y):
        places[margin.kind, round(margin.size, 1)].append(margin)
    for group in places.values():
        for row in _same_height(group):
            known = any(margin.line in kinds[margin.page] for margin in row)
            if known and len({margin.page for margin in row}) >= max(REPEATS, ROW_SHARE * pages):
                yield from (margin for margin in row if margin.key.count(" ") < LONGEST_HEAD)


def _same_height(margins: Sequence[Margin]) -> list[list[Margin]]:
    """Group lines, sorted by their height, that stand at the same one."""
    rows: list[list[Margin]] = []
    for margin in margins:
        if rows and margin.y - rows[-1][0].y <= SAME_ROW_POINTS:
            rows[-1].append(margin)
        else:
            rows.append([margin])
    return rows


def _printed_labels(margins: Sequence[Margin], kinds: list[dict[int, BlockKind]]) -> list[str]:
    """Find the number in each page's margin that counts on from page to page, and mark its line."""
    candidates = [(margin, number) for margin in margins for number in _numbers(margin, kinds)]
    offsets = Counter({(margin.page, number - margin.page) for margin, number in candidates})
    pages_of = Counter(offset for _, offset in offsets)
    enough = max(2, LABELLED_SHARE * len({margin.page for margin, _ in candidates}))
    labels = [""] * len(kinds)
    best: dict[int, int] = {}
    for margin, number in candidates:
        count = pages_of[number - margin.page]
        if count >= enough and count > best.get(margin.page, 0):
            best[margin.page] = count
            labels[margin.page] = str(number)
            kinds[margin.page][margin.line] = margin.kind
    return labels


def _numbers(margin: Margin, kinds: list[dict[int, BlockKind]]) -> list[int]:
    """Read the numbers at either end of a line in the margin: alone, or at the end of a running line."""
    if margin.words > 1 and margin.line not in kinds[margin.page]:
        return []
    return [int(text) for text in sorted({*margin.ends}) if NUMBER.match(text)]


def _cross_check(pages: Sequence[Edges], printed: list[str]) -> list[str]:
    """Fill pages without a printed number from the file's labels where these agree with the printed ones."""
    both = [(page.file_label, label) for page, label in zip(pages, printed, strict=True) if label]
    agree = sum(declared == label for declared, label in both)
    if agree < 0.9 * len(both) or (both and not agree):
        return printed
    return [label or page.file_label for page, label in zip(pages, printed, strict=True)]
