"""A table's element → what stands in it and over which physical columns."""

from typing import NamedTuple

from selectolax.lexbor import LexborNode

from esg.extract.html.marks import Mark, Tags, letters, letters_below, marks_of, tagged
from esg.extract.html.style import Sheet, Style, derive
from esg.extract.html.text import Run, dominant, on_one_line, raise_digits
from esg.extract.html.walk import walk

_SILENT = frozenset({"script", "style", "template"})
_MAX_SPAN = 1000  # as browsers cap it (HTML 4.9.11)
_MAX_ROWSPAN = 10_000
_MAX_COLUMNS = 5000  # what spans add up to; a wider table is a trap


class Spot(NamedTuple):
    """Text in a row and the first and last physical column that it covers."""

    first: int
    last: int
    text: str
    bold: bool
    is_header: bool
    marks: tuple[Mark, ...] = ()


class Spots(NamedTuple):
    """A table's caption, the cells with text of each row, left to right, and the letters that nobody sees."""

    caption: str
    rows: list[list[Spot]]
    hidden: int


def read_spots(table: LexborNode, sheet: Sheet, style: Style, tags: Tags) -> Spots:
    reader = _Reader(sheet, style, tags)
    walk(table, reader.enter, reader.leave)
    return Spots(reader.caption, reader.rows, reader.hidden)


class _Reader:
    def __init__(self, sheet: Sheet, style: Style, tags: Tags) -> None:
        self.caption = ""
        self.rows: list[list[Spot]] = []
        self.hidden = 0
        self._sheet, self._marked = sheet, tags
        self._styles = [style]
        self._tags: list[str] = []
        self._runs: list[Run] = []
        self._column = 0
        self._taken: dict[int, int] = {}  # physical column → rows below that a cell from above still covers

    def enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        self._tags.append(tag)
        if tag.startswith("-"):
            self._styles.append(self._styles[-1])
            self._take_text(node, tag)
            return False
        attributes = node.attributes
        declarations = self._sheet.declarations(tag, attributes)
        style = derive(self._styles[-1], declarations, is_hidden="hidden" in attributes)
        self._styles.append(tagged(style, node, self._marked))
        if tag in ("td", "th", "caption"):
            self._runs = []
        elif tag == "tr":
            self._open_row()
        elif tag not in ("span", "a", "b", "i", "em", "strong", "font", "sup", "sub", "u") and ":" not in tag:
            self._space()
        if tag in _SILENT:
            return False
        if style.hidden:
            self.hidden += letters_below(node, without=_SILENT)
        return not style.hidden

    def _take_text(self, node: LexborNode, tag: str) -> None:
        style = self._styles[-1]
        if tag == "-text" and node.text_content and not style.paint.is_seen:
            self.hidden += letters(node.text_content)
        elif tag == "-text" and node.text_content:
            text = raise_digits(node.text_content) if style.raised else node.text_content
            self._runs.append(Run(text, style.size, style.bold, style.tags))

    def _space(self) -> None:
        self._runs.append(Run(" ", self._styles[-1].size, self._styles[-1].bold))

    def leave(self, node: LexborNode) -> None:
        tag, style = self._tags.pop(), self._styles.pop()
        if tag in ("td", "th") and self.rows and not style.hidden:
            self._close_cell(node, is_header=tag == "th")
        elif tag == "caption":
            self.caption = on_one_line("".join(run.text for run in self._runs))
            self._runs = []
        elif tag in ("div", "p", "li"):
            self._space()

    def _open_row(self) -> None:
        self.rows.append([])
        self._column = 0
        self._taken = {column: rows - 1 for column, rows in self._taken.items() if rows > 1}

    def _close_cell(self, node: LexborNode, *, is_header: bool) -> None:
        attributes = node.attributes
        width = _span(attributes.get("colspan"), _MAX_SPAN)
        height = _span(attributes.get("rowspan"), _MAX_ROWSPAN)
        while self._column in self._taken:
            self._column += 1
        first = min(self._column, _MAX_COLUMNS)
        last = min(first + width - 1, _MAX_COLUMNS)
        self._column = last + 1
        if height > 1:
            self._taken |= dict.fromkeys(range(first, last + 1), height)
        runs, self._runs = self._runs, []
        text = on_one_line("".join(run.text for run in runs))
        if text:
            self.rows[-1].append(Spot(first, last, text, dominant(runs)[1], is_header, marks_of(runs)))


def _span(value: str | None, limit: int) -> int:
    return min(max(int(value[:6]), 1), limit) if value and value.strip().isdecimal() else 1
