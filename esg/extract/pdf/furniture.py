"""The lines of all pages → those that run through the report (heads, feet, page numbers) and printed labels.

A line near the top or bottom edge is furniture when the same words (one number apart) stand at the same
height on several pages, or when it holds the number that counts the pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from esg.domain import BlockKind
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


class _Margin(NamedTuple):
    page: int  # index of the sheet
    line: int
    kind: BlockKind
    key: str
    y: float
    size: float


def find_furniture(sheets: Sequence[Sheet], *, body_size: float) -> list[Furniture]:
    """Find the running lines and the printed label of every page."""
    margins = [margin for page, sheet in enumerate(sheets) for margin in _margins(page, sheet)]
    kinds: list[dict[int, BlockKind]] = [{} for _ in sheets]
    for group in _by_key(margins):
        for margin in _repeated(group, len(sheets), body_size):
            kinds[margin.page][margin.line] = margin.kind
    labels = _printed_labels(sheets, margins, kinds)
    for margin in _beside_running(margins, kinds, len(sheets)):
        kinds[margin.page][margin.line] = margin.kind
    return [Furniture(kind, label) for kind, label in zip(kinds, _cross_check(sheets, labels), strict=True)]


def _margins(page: int, sheet: Sheet) -> Iterator[_Margin]:
    height = sheet.frame.height
    for index, line in enumerate(sheet.lines):
        if line.y1 < MARGIN * height:
            yield _Margin(page, index, BlockKind.HEADER, _key(sheet.text(line)), line.y0, line.size)
        elif line.y0 > (1 - MARGIN) * height:
            yield _Margin(page, index, BlockKind.FOOTER, _key(sheet.text(line)), line.y0, line.size)


def _key(text: str) -> str:
    """Make lines equal that differ by the page number alone."""
    return re.sub(r"\d{1,4}", "#", text, count=1) if len(re.findall(r"\d+", text)) == 1 else text


def _by_key(margins: Sequence[_Margin]) -> list[list[_Margin]]:
    groups: dict[tuple[BlockKind, str], list[_Margin]] = defaultdict(list)
    for margin in margins:
        if margin.key != "#":
            groups[margin.kind, margin.key].append(margin)
    return list(groups.values())


def _repeated(group: Sequence[_Margin], pages: int, body_size: float) -> list[_Margin]:
    """Keep the lines that repeat at one height on enough pages."""
    y = median(margin.y for margin in group)
    same = [margin for margin in group if abs(margin.y - y) <= SAME_HEIGHT_POINTS]
    on = len({margin.page for margin in same})
    enough = max(min(REPEATS, pages), 2, REPEATED_SHARE * pages)
    if group[0].size > TITLE_SIZE * body_size:
        enough = max(enough, TITLE_SHARE * pages)
    return same if on >= enough else []


def _beside_running(
    margins: Sequence[_Margin], kinds: Sequence[Mapping[int, BlockKind]], pages: int
) -> Iterator[_Margin]:
    """Find lines whose words change from page to page, at the height and in the size of running lines."""
    places: dict[tuple[BlockKind, float], list[_Margin]] = defaultdict(list)
    for margin in sorted(margins, key=lambda margin: margin.y):
        places[margin.kind, round(margin.size, 1)].append(margin)
    for group in places.values():
        for row in _same_height(group):
            known = any(margin.line in kinds[margin.page] for margin in row)
            if known and len({margin.page for margin in row}) >= max(REPEATS, ROW_SHARE * pages):
                yield from (margin for margin in row if margin.key.count(" ") < LONGEST_HEAD)


def _same_height(margins: Sequence[_Margin]) -> list[list[_Margin]]:
    """Group lines, sorted by their height, that stand at the same one."""
    rows: list[list[_Margin]] = []
    for margin in margins:
        if rows and margin.y - rows[-1][0].y <= SAME_ROW_POINTS:
            rows[-1].append(margin)
        else:
            rows.append([margin])
    return rows


def _printed_labels(
    sheets: Sequence[Sheet], margins: Sequence[_Margin], kinds: list[dict[int, BlockKind]]
) -> list[str]:
    """Find the number in each page's margin that counts on from page to page, and mark its line."""
    candidates = [(margin, number) for margin in margins for number in _numbers(sheets, margin, kinds)]
    offsets = Counter({(margin.page, number - sheets[margin.page].number) for margin, number in candidates})
    pages_of = Counter(offset for _, offset in offsets)
    enough = max(2, LABELLED_SHARE * len({margin.page for margin, _ in candidates}))
    labels = [""] * len(sheets)
    best: dict[int, int] = {}
    for margin, number in candidates:
        count = pages_of[number - sheets[margin.page].number]
        if count >= enough and count > best.get(margin.page, 0):
            best[margin.page] = count
            labels[margin.page] = str(number)
            kinds[margin.page][margin.line] = margin.kind
    return labels


def _numbers(sheets: Sequence[Sheet], margin: _Margin, kinds: list[dict[int, BlockKind]]) -> list[int]:
    """Read the numbers at either end of a line in the margin: alone, or at the end of a running line."""
    sheet = sheets[margin.page]
    words = sheet.lines[margin.line].words
    if len(words) > 1 and margin.line not in kinds[margin.page]:
        return []
    ends = {sheet.tokens[words[0]].text, sheet.tokens[words[-1]].text}
    return [int(text) for text in sorted(ends) if NUMBER.match(text)]


def _cross_check(sheets: Sequence[Sheet], printed: list[str]) -> list[str]:
    """Fill pages without a printed number from the file's labels where these agree with the printed ones."""
    both = [(sheet.file_label, label) for sheet, label in zip(sheets, printed, strict=True) if label]
    agree = sum(declared == label for declared, label in both)
    if agree < 0.9 * len(both) or (both and not agree):
        return printed
    return [label or sheet.file_label for sheet, label in zip(sheets, printed, strict=True)]
