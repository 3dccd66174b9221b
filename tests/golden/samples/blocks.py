"""What stands between the prose: callouts, pull quotes, figures in large type, tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from look import WHITE, Look
from prose import flow, markers, paragraph, plain, rich
from reportlab.lib.colors import Color
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

Row = Sequence[str]


class Block(Protocol):
    """Anything a page can hold beside prose."""

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        """What is to be drawn into a column of this width."""


@dataclass(frozen=True)
class Gap:
    height: float

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        return [Spacer(1, self.height)]


@dataclass(frozen=True)
class Callout:
    """A tinted box with a title."""

    title: str
    text: str

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        inside = [paragraph(f"**{self.title}**", "box", look)]
        inside += [paragraph(part, "box", look) for part in self.text.split("\n\n")]
        box = Table([[inside]], colWidths=[width])
        style = [("BACKGROUND", (0, 0), (-1, -1), look.tint), ("LINEBEFORE", (0, 0), (0, -1), 3, look.accent)]
        box.setStyle([*style, *_padding(9, 7)])
        return [Spacer(1, 4), box, Spacer(1, 9)]


@dataclass(frozen=True)
class PullQuote:
    text: str
    by: str

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        words = [paragraph(f"“{self.text}”", "quote", look), paragraph(self.by, "by", look)]
        return [Spacer(1, 6), *words, Spacer(1, 12)]


@dataclass(frozen=True)
class Tiles:
    """A row of figures in large type, each over its caption."""

    tiles: Sequence[tuple[str, str]]

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        number = look.cell("l", size=look.size * 2.3, bold=True, color=look.accent)
        caption = look.cell("l", size=look.size * 0.88)
        cells = [[Paragraph(rich(n, look), number), Paragraph(rich(c, look), caption)] for n, c in self.tiles]
        table = Table([cells], colWidths=[width / len(cells)] * len(cells))
        table.setStyle([("LINEABOVE", (0, 0), (-1, 0), 1.2, look.second), *_padding(4, 6), _TOP])
        return [Spacer(1, 4), table, Spacer(1, 8)]


@dataclass(frozen=True)
class Grid:
    """A table. A header cell is `text` or `(text, columns)` where it spans; "" continues the cell above.

    `rules` is "all", "rows" or "none". A row of one cell is a subheading across the table; a row whose
    first cell starts with `=` is a total. `name` puts the table among the truths.
    """

    caption: str
    header: Sequence[Sequence[str | tuple[str, int]]]
    rows: Sequence[Row]
    widths: Sequence[float]
    align: str = ""
    rules: str = "rows"
    size: float = 0.0
    name: str = ""
    notes: Sequence[str] = field(default_factory=tuple)

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        columns = len(self.widths)
        size = self.size or look.size * 0.86
        unit = width / sum(self.widths)
        table = Table(
            [*self._header_cells(look, size), *(self._row_cells(r, look, size) for r in self.rows)],
            colWidths=[w * unit for w in self.widths],
            repeatRows=len(self.header),
        )
        table.setStyle([*self._spans(columns), *self._rules(look), *_padding(4, 2.6), _MIDDLE])
        caption = [paragraph(self.caption, "caption", look)] if self.caption else []
        notes = [paragraph(note, "note", look) for note in self.notes]
        return [Spacer(1, 5), *caption, table, Spacer(1, 3), *notes, Spacer(1, 9)]

    def truth(self) -> dict[str, Any]:
        """What an extraction of this table should find: a header path per column, rows of plain cells."""
        rows = [row for row in self.rows if len(row) > 1]
        return {
            "name": self.name,
            "caption": plain(self.caption),
            "header": [self.path(column) for column in range(len(self.widths))],
            "rows": [[plain(cell.lstrip("=")) for cell in row] for row in rows],
            "markers": [
                [r, c, m] for r, row in enumerate(rows) for c, cell in enumerate(row) for m in markers(cell)
            ],
        }

    def path(self, column: int) -> list[str]:
        """The header cells above a column, outermost first."""
        above = [plain(_spread(row)[column]) for row in self.header]
        return [text for i, text in enumerate(above) if text and text not in above[:i]]

    def _alignment(self, column: int) -> str:
        return (self.align or "l" + "r" * (len(self.widths) - 1))[column]

    def _header_cells(self, look: Look, size: float) -> list[list[Any]]:
        color = WHITE if self.rules == "all" else look.ink
        rows = []
        for row in self.header:
            cells: list[Any] = []
            for cell in row:
                text, span = cell if isinstance(cell, tuple) else (cell, 1)
                align = "c" if span > 1 else self._alignment(len(cells))
                style = look.cell(align, size=size, bold=True, color=color)
                cells += [Paragraph(rich(text, look), style), *[""] * (span - 1)]
            rows.append(cells)
        return rows

    def _row_cells(self, row: Row, look: Look, size: float) -> list[Any]:
        bold = len(row) == 1 or row[0].startswith("=")
        color = look.accent if len(row) == 1 else look.ink
        cells: list[Any] = [
            Paragraph(
                rich(text.lstrip("="), look), look.cell(self._alignment(c), size=size, bold=bold, color=color)
            )
            for c, text in enumerate(row)
        ]
        return cells + [""] * (len(self.widths) - len(row))

    def _spans(self, columns: int) -> list[tuple[Any, ...]]:
        spans: list[tuple[Any, ...]] = []
        for r, row in enumerate(self.header):
            c = 0
            for cell in row:
                span = cell[1] if isinstance(cell, tuple) else 1
                if span > 1:
                    spans.append(("SPAN", (c, r), (c + span - 1, r)))
                c += span
        top = len(self.header)
        spans += [
            ("SPAN", (0, r + top), (columns - 1, r + top)) for r, row in enumerate(self.rows) if len(row) == 1
        ]
        return spans

    def _rules(self, look: Look) -> list[tuple[Any, ...]]:
        top = len(self.header)
        totals = [r + top for r, row in enumerate(self.rows) if row[0].startswith("=")]
        if self.rules == "none":
            return []
        if self.rules == "all":
            return [
                ("GRID", (0, 0), (-1, -1), 0.4, look.second),
                ("BACKGROUND", (0, 0), (-1, top - 1), look.accent),
                *[("BACKGROUND", (0, r), (-1, r), look.tint) for r in totals],
            ]
        return [
            ("LINEABOVE", (0, 0), (-1, 0), 1, look.accent),
            ("LINEBELOW", (0, top - 1), (-1, top - 1), 0.8, look.accent),
            ("LINEBELOW", (0, top), (-1, -1), 0.25, _faint(look.ink)),
            ("LINEBELOW", (0, -1), (-1, -1), 0.8, look.accent),
            *[("BACKGROUND", (0, r), (-1, r), look.tint) for r in totals],
        ]


_TOP = ("VALIGN", (0, 0), (-1, -1), "TOP")
_MIDDLE = ("VALIGN", (0, 0), (-1, -1), "MIDDLE")


def draw_order(item: "str | Block", look: Look, width: float) -> list[Flowable]:
    """The flowables of a piece of prose or of a block."""
    return list(flow(item, look)) if isinstance(item, str) else item.flowables(look, width)


def _padding(horizontal: float, vertical: float) -> list[tuple[Any, ...]]:
    return [
        ("LEFTPADDING", (0, 0), (-1, -1), horizontal),
        ("RIGHTPADDING", (0, 0), (-1, -1), horizontal),
        ("TOPPADDING", (0, 0), (-1, -1), vertical),
        ("BOTTOMPADDING", (0, 0), (-1, -1), vertical),
    ]


def _spread(row: Sequence[str | tuple[str, int]]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        text, span = cell if isinstance(cell, tuple) else (cell, 1)
        cells += [text] * span
    return cells


def _faint(color: Color) -> Color:
    return Color(color.red, color.green, color.blue, alpha=0.35)
