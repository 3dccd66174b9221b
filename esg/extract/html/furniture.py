"""Sheets → which of their pieces are running heads and feet, and the page numbers printed in them."""

import re
from collections import Counter
from collections.abc import Sequence

from esg.domain import BlockKind
from esg.extract.html.flow import Prose
from esg.extract.html.paginate import Content

_EDGE = 3  # pieces at the top and at the foot of a page that may be furniture
_LONGEST = 120
_MIN_PAGES = 3
_MIN_SHARE = 0.3  # of the pages
_MIN_IN_SEQUENCE = 0.4
_NUMBER = re.compile(r"(?<![\w.,/-])(?:page\s+)?([A-Z]{1,2}-)?(\d{1,4})(?![\w.,/%])", re.IGNORECASE)
_ROMAN = re.compile(r"\W*([ivxlc]{1,7})\W*")
_DIGITS = re.compile(r"\d+")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def label_pages(sheets: Sequence[list[Content]]) -> tuple[list[list[Content]], list[str]]:
    """Mark running heads and feet as such, and read the label of each sheet, "" where none is printed."""
    running = _running(sheets)
    labels, numbered = _labels(sheets)
    marked = [
        [_mark(piece, at, sheet, running, numbered.get(page, -1)) for at, piece in enumerate(sheet)]
        for page, sheet in enumerate(sheets)
    ]
    return marked, labels


# -- what repeats -----------------------------------------------------------------------------------------


def _edges(sheet: list[Content]) -> list[tuple[int, Prose]]:
    """The short pieces at the top and at the foot, with their places."""
    places = sorted({*range(min(_EDGE, len(sheet))), *range(max(0, len(sheet) - _EDGE), len(sheet))})
    pieces = ((at, sheet[at]) for at in places)
    return [(at, piece) for at, piece in pieces if isinstance(piece, Prose) and len(piece.text) <= _LONGEST]


def _shape(text: str) -> str:
    return _DIGITS.sub("0", text.lower())


def _running(sheets: Sequence[list[Content]]) -> frozenset[str]:
    """What stands at the edges of many pages, numbers aside."""
    pages: Counter[str] = Counter()
    for sheet in sheets:
        pages.update({_shape(piece.text) for _, piece in _edges(sheet)})
    enough = max(_MIN_PAGES, _MIN_SHARE * len(sheets))
    return frozenset(shape for shape, count in pages.items() if count >= enough)


def _mark(piece: Content, at: int, sheet: list[Content], running: frozenset[str], numbered: int) -> Content:
    if not isinstance(piece, Prose) or len(piece.text) > _LONGEST:
        return piece
    is_edge = at < _EDGE or at >= len(sheet) - _EDGE
    if at != numbered and not (is_edge and _shape(piece.text) in running):
        return piece
    kind = BlockKind.HEADER if at < len(sheet) / 2 else BlockKind.FOOTER
    return piece._replace(kind=kind, level=0)


# -- printed numbers --------------------------------------------------------------------------------------


def _labels(sheets: Sequence[list[Content]]) -> tuple[list[str], dict[int, int]]:
    """Read printed numbers that count with the pages; also which piece of which sheet holds one."""
    found = [_candidates(sheet) for sheet in sheets]
    offsets = Counter(
        (series, value - page)
        for page, candidates in enumerate(found)
        for series, value in {(series, value) for _, series, value, _ in candidates}
    )
    enough = max(_MIN_PAGES, _MIN_IN_SEQUENCE * len(sheets))
    # A series may start anew (front matter, annexes), so each is believed by how often it counts on.
    believed = {key for key, count in offsets.items() if count >= enough or (count >= _MIN_PAGES and key[0])}
    labels, numbered = [""] * len(sheets), {}
    for page, candidates in enumerate(found):
        for at, series, value, label in candidates:
            if (series, value - page) in believed:
                labels[page], numbered[page] = label, at
    return labels, numbered


def _candidates(sheet: list[Content]) -> list[tuple[int, str, int, str]]:
    """(place, series, value, label) of each number at the edges; a series is "" for plain numbers."""
    candidates = []
    for at, piece in _edges(sheet):
        for prefix, digits in _NUMBER.findall(piece.text):
            candidates.append((at, prefix.upper(), int(digits), prefix + digits))
        if roman := _ROMAN.fullmatch(piece.text):
            candidates.append((at, "roman", _roman(roman[1]), roman[1]))
    return candidates


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
