"""A page drawn by hand: text at places, rules, superscripts; what a typesetter does with a table."""

import io
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

LEFT, TOP, SIZE, LEADING = 60.0, 760.0, 9.0, 16.0
Cell = str | tuple[str, str]  # a text, or a text with a superscript behind it


class Sheet:
    """Draws from the top down; `data()` ends the file."""

    def __init__(self, *, rotated: bool = False) -> None:
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=A4, invariant=1)
        self.y = TOP
        self._rotated = rotated
        if rotated:  # a landscape table on an upright sheet, which a reader sees turned
            self._canvas.translate(A4[0], 0)
            self._canvas.rotate(90)
            self.y = A4[0] - 60

    def line(self, text: str, *, size: float = SIZE, x: float = LEFT, bold: bool = False) -> "Sheet":
        self._put(x, text, size=size, bold=bold)
        self.y -= LEADING * max(1.0, size / SIZE)
        return self

    def table(
        self,
        rows: Sequence[Sequence[Cell]],
        *,
        columns: Sequence[float],
        rules: Literal["none", "rows", "grid"] = "rows",
        heads: int = 1,
    ) -> "Sheet":
        """Draw rows; `columns` are the left edge of the first and the right edges of the others."""
        top = self.y + LEADING * 0.8
        for number, row in enumerate(rows):
            for place, (x, cell) in enumerate(zip(columns, row, strict=True)):
                self._cell(x, cell, is_label=place == 0, bold=number < heads)
            if rules == "grid" or (rules == "rows" and number == heads - 1):
                self._canvas.line(columns[0] - 4, self.y - 4, columns[-1] + 4, self.y - 4)
            self.y -= LEADING
        if rules == "grid":
            self._grid(top, columns)
        self.y -= LEADING
        return self

    def bar(self, x: float, base: float, height: float, *, value: str, year: str) -> None:
        """Draw a bar with its value on top and its year below."""
        self._canvas.rect(x, base, 30, height, fill=1)
        self._canvas.setFont("Helvetica", 8)
        self._canvas.drawCentredString(x + 15, base + height + 4, value)
        self._canvas.drawCentredString(x + 15, base - 12, year)

    def data(self) -> bytes:
        self._canvas.showPage()
        self._canvas.save()
        return _turned(self._file.getvalue()) if self._rotated else self._file.getvalue()

    def _cell(self, x: float, cell: Cell, *, is_label: bool, bold: bool) -> None:
        text, mark = cell if isinstance(cell, tuple) else (cell, "")
        font = "Helvetica-Bold" if bold else "Helvetica"
        width = self._canvas.stringWidth(text, font, SIZE)
        start = x if is_label else x - width
        self._canvas.setFont(font, SIZE)
        self._canvas.drawString(start, self.y, text)
        if mark:
            self._canvas.setFont(font, SIZE * 0.6)
            self._canvas.drawString(start + width + 0.3, self.y + 3.4, mark)

    def _put(self, x: float, text: str, *, size: float, bold: bool) -> None:
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self._canvas.drawString(x, self.y, text)

    def _grid(self, top: float, columns: Sequence[float]) -> None:
        bottom = self.y + LEADING * 0.75
        self._canvas.line(columns[0] - 4, top, columns[-1] + 4, top)
        for x in (columns[0] - 4, *(_between(columns)), columns[-1] + 4):
            self._canvas.line(x, top, x, bottom)


def _between(columns: Sequence[float]) -> list[float]:
    """Where the rules between the columns stand: behind the right edge of each."""
    step = min((right - left for left, right in pairwise(columns[1:])), default=80.0)
    return [right - step + 4 for right in columns[1:]]


def _turned(data: bytes) -> bytes:
    turned = io.BytesIO()
    with pypdfium2.PdfDocument(data) as document:
        document[0].set_rotation(90)
        document.save(turned)
    return turned.getvalue()
