"""A web page's tree → what a reader meets in order: pieces of prose, tables, page breaks."""

from typing import NamedTuple

from selectolax.lexbor import LexborNode

from esg.domain import BlockKind
from esg.extract.html.grid import Entry, Grid, is_mark, read_grid
from esg.extract.html.marks import Mark, Tags, behind, letters, letters_below, marks_of, parted, tagged
from esg.extract.html.style import Sheet, Style, breaks_after, breaks_before, derive
from esg.extract.html.text import LINE_BREAK, Run, dominant, paragraphs, raise_digits
from esg.extract.html.walk import walk

_DROPPED = frozenset(
    """
    head script style noscript template svg math iframe object embed audio video canvas select option button
    input textarea datalist dialog ix:header ix:hidden nav
    """.split()  # noqa: SIM905
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table tbody td
    tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
_SHOWN_AS_BLOCK = frozenset({"block", "flex", "grid", "list-item", "table"})
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_KINDS = {"li": BlockKind.LIST, "dt": BlockKind.LIST, "dd": BlockKind.LIST} | {
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    "footer": BlockKind.FOOTER,
}
_LONGEST_CELL = 1500  # characters; a table with a longer cell lays out a page


class Prose(NamedTuple):
    """A paragraph, heading, list item or caption; `level` is 0 where no tag said it is a heading."""

    text: str
    kind: BlockKind
    level: int
    size: float
    bold: bool
    marks: tuple[Mark, ...] = ()


class Tabular(NamedTuple):
    grid: Grid


class Break(NamedTuple):
    """A page ends here: certainly, or only if a rule across the page means that in this document."""

    certain: bool


Item = Prose | Tabular | Break


class Flow(NamedTuple):
    """What a reader meets, and how many letters he does not."""

    items: list[Item]
    hidden: int


def read_flow(body: LexborNode, sheet: Sheet, tags: Tags) -> Flow:
    """Read the visible content of a page's body."""
    reader = _Reader(sheet, tags)
    walk(body, reader.enter, reader.leave)
    reader.flush()
    return Flow(reader.items, reader.hidden)


class _Open(NamedTuple):
    """An element that is being read."""

    tag: str
    style: Style
    is_block: bool
    breaks_after: bool


class _Reader:
    def __init__(self, sheet: Sheet, tags: Tags) -> None:
        self.items: list[Item] = []
        self.hidden = 0  # letters
        self._sheet, self._tags = sheet, tags
        self._open: list[_Open] = []
        self._runs: list[Run] = []

    def enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag.startswith("-"):
            return self._enter_text(node, tag)
        attributes = node.attributes
        declarations = self._sheet.declarations(tag, attributes)
        style = derive(self._style, declarations, is_hidden=tag in _DROPPED or "hidden" in attributes)
        is_block = tag in _BLOCKS or declarations.get("display") in _SHOWN_AS_BLOCK
        if is_block and not style.hidden:
            self.flush()
        style = tagged(style, node, self._tags)
        self._open.append(_Open(tag, style, is_block, breaks_after(declarations)))
        if style.hidden:
            self.hidden += letters_below(node, without=_DROPPED)
            return False
        if breaks_before(declarations):
            self.items.append(Break(certain=True))
        return self._enter_element(node, tag)

    def _enter_text(self, node: LexborNode, tag: str) -> bool:
        style = self._style
        self._open.append(_Open(tag, style, is_block=False, breaks_after=False))
        if tag == "-text" and node.text_content and not style.paint.is_seen:
            self.hidden += letters(node.text_content)
        elif tag == "-text" and node.text_content:
            text = raise_digits(node.text_content) if style.raised else node.text_content
            self._runs.append(Run(text, style.size, style.bold, style.tags))
        return tag == "-document"

    def _enter_element(self, node: LexborNode, tag: str) -> bool:
        if tag == "br":
            self._runs.append(Run(LINE_BREAK, self._style.size, self._style.bold))
        elif tag == "hr":
            self.items.append(Break(certain=False))
        elif tag == "table":
            return not self._take_table(node)
        return True

    def _take_table(self, node: LexborNode) -> bool:
        """Read a table that holds data or lines; False for one that lays out a page."""
        if len(node.css("table")) > 1:
            return False
        grid = read_grid(node, self._sheet, self._style, self._tags)
        if grid.longest > _LONGEST_CELL or grid.columns < 2:
            return False
        self.hidden += grid.hidden
        if grid.is_data:
            self.items.append(Tabular(grid))
        else:
            self.items += [self._line(row) for row in grid.rows]
        return True

    def _line(self, row: tuple[Entry, ...]) -> Prose:
        """A row of a table that only sets a mark or a margin beside a line."""
        kind = BlockKind.LIST if is_mark(row[0].text) else BlockKind.PARAGRAPH
        text, marks = "", tuple[Mark, ...]()
        for entry in row:
            marks = (*marks, *behind(text, entry.marks))
            text = f"{text} {entry.text}".lstrip(" ")
        return Prose(text, kind, 0, self._style.size, all(entry.bold for entry in row), marks)

    def leave(self, _: LexborNode) -> None:
        element = self._open[-1]
        if element.is_block and not element.style.hidden:
            self.flush()
        self._open.pop()
        if element.breaks_after and not element.style.hidden:
            self.flush()
            self.items.append(Break(certain=True))

    @property
    def _style(self) -> Style:
        return self._open[-1].style if self._open else self._sheet.root

    def flush(self) -> None:
        """End the block that is being read."""
        runs, self._runs = self._runs, []
        texts = paragraphs("".join(run.text for run in runs))
        if texts:
            size, bold = dominant(runs)
            kind, level = self._kind()
            parts = zip(texts, parted(marks_of(runs), texts), strict=True)
            self.items += [Prose(text, kind, level, size, bold, marks) for text, marks in parts]

    def _kind(self) -> tuple[BlockKind, int]:
        """What the nearest element around a block says it is."""
        for element in reversed(self._open):
            if element.tag in _LEVELS:
                return BlockKind.HEADING, _LEVELS[element.tag]
            if element.tag in _KINDS:
                return _KINDS[element.tag], 0
        return BlockKind.PARAGRAPH, 0
