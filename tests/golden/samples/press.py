"""A report → its PDF: bands in columns, running headers, footnotes, page labels; the same bytes each time."""

import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime, time

from blocks import draw_order
from book import ROMAN, Book
from contents import Contents
from pages import Band
from prose import paragraph
from reportlab import rl_config
from reportlab.lib.pagesizes import landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

HEADER = 30.0  # height kept free for the running header and for the footer


class Overflow(Exception):
    """The text of a page does not fit on it: shorten it or move a part."""


def render(book: Book) -> bytes:
    """The PDF. Raises Overflow where a page holds more than fits."""
    rl_config.useA85 = 0  # plain binary streams, a fifth smaller than in ASCII
    buffer = io.BytesIO()
    canvas = _dated_canvas(buffer, book)
    canvas.setTitle(book.about["title"])
    canvas.setAuthor(book.about["company"])
    canvas.setSubject(book.about["subject"])
    canvas.setCreator("tests/golden/samples/generate.py")
    for index, page in enumerate(book.pages):
        _label(canvas, index, book.labels[index], page.numbering)
        _Press(canvas, book, index).draw()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _dated_canvas(buffer: io.BytesIO, book: Book) -> Canvas:
    """A canvas that bears the date of publication; reportlab takes a date from the environment only."""
    published = datetime.combine(book.about["published"], time(9), tzinfo=UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(published.timestamp()))
    return Canvas(buffer, pagesize=book.design.look.page, invariant=1, pageCompression=1)


def _label(canvas: Canvas, index: int, label: str, numbering: str) -> None:
    style = {"": None, "roman": "ROMAN_LOWER", "arabic": "ARABIC"}[numbering]
    number = ROMAN.index(label) if label in ROMAN else int(label)
    canvas.addPageLabel(index, style=style, start=number or None)


class _Press:
    """Draws one page."""

    def __init__(self, canvas: Canvas, book: Book, index: int) -> None:
        self.canvas, self.book, self.index = canvas, book, index
        self.page, self.label, self.look = book.pages[index], book.labels[index], book.design.look
        self.size = landscape(self.look.page) if self.page.wide else self.look.page
        self.width = self.size[0] - 2 * self.look.margin

    def draw(self) -> None:
        self.canvas.setPageSize(self.size)
        if not self.page.bands:
            self.book.design.cover(self.canvas, self.look)
            return
        self._header()
        self._footer()
        if self.page.entry:
            self.canvas.bookmarkPage(self.page.key)
            self.canvas.addOutlineEntry(self.page.entry, self.page.key, 0)
        self._body()

    def _body(self) -> None:
        floor = self._notes()
        y = self.size[1] - self.look.margin - HEADER
        for band in self.page.bands:
            y = self._band(band, y, floor)

    def _band(self, band: Band, top: float, floor: float) -> float:
        """Draw a band from `top` downwards; return where the next one begins."""
        width = (self.width - self.look.gutter * (band.columns - 1)) / band.columns
        flowables = self._flowables(band, width)
        columns = self._columns(flowables, width, band.columns, top - floor)
        order = reversed(columns) if self.page.shuffled else columns
        for x, placed in order:
            for flowable, depth in placed:
                flowable.drawOn(self.canvas, x, top - depth)
        lowest: float = max(placed[-1][1] for _, placed in columns if placed)
        gap: float = max(6, flowables[-1].getSpaceAfter())
        return top - lowest - gap

    def _flowables(self, band: Band, width: float) -> list[Flowable]:
        entries = [(p.entry, n) for p, n in zip(self.book.pages, self.book.labels, strict=True) if p.entry]
        items = [Contents(entries) if isinstance(item, Contents) else item for item in band.items]
        return [flowable for item in items for flowable in draw_order(item, self.look, width)]

    def _columns(
        self, flowables: Sequence[Flowable], width: float, count: int, room: float
    ) -> list[tuple[float, list[tuple[Flowable, float]]]]:
        """The left edge of each column and what stands in it, all about equally high."""
        height = self._least_height(flowables, width, count, room)
        columns, rest = [], list(flowables)
        for column in range(count):
            placed, rest = fill(rest, width, height, self.canvas)
            columns.append((self.look.margin + column * (width + self.look.gutter), placed))
        return columns

    def _least_height(self, flowables: Sequence[Flowable], width: float, columns: int, room: float) -> float:
        if not self._fits(flowables, width, columns, room):
            raise Overflow(
                f"{self.book.about['stem']}: page {self.index + 1}, {self.page.key!r}, is too full"
            )
        if columns == 1:
            return room
        low, high = 0.0, room
        while high - low > 3:
            middle = (low + high) / 2
            low, high = (low, middle) if self._fits(flowables, width, columns, middle) else (middle, high)
        return high

    def _fits(self, flowables: Sequence[Flowable], width: float, columns: int, height: float) -> bool:
        rest = list(flowables)
        for _ in range(columns):
            _, rest = fill(rest, width, height, self.canvas)
        return not rest

    def _notes(self) -> float:
        """Draw the footnotes at the foot of the page; return the height above which text may stand."""
        floor = self.look.margin + HEADER - 8
        if not self.page.notes:
            return floor
        notes = [paragraph(note, "note", self.look) for note in self.page.notes]
        heights: list[float] = [note.wrapOn(self.canvas, self.width, 500)[1] for note in notes]
        y = top = floor + sum(heights) + 2 * len(notes)
        for note, height in zip(notes, heights, strict=True):
            y -= height + 2
            note.drawOn(self.canvas, self.look.margin, y)
        self.canvas.setStrokeColor(self.look.ink)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(self.look.margin, top + 4, self.look.margin + 90, top + 4)
        return top + 12

    def _header(self) -> None:
        y = self.size[1] - self.look.margin + 4
        self.canvas.setFont(self.look.display.regular, self.look.size * 0.82)
        self.canvas.setFillColor(self.look.ink)
        self.canvas.drawString(self.look.margin, y, self.book.about["running"])
        self.canvas.drawRightString(self.size[0] - self.look.margin, y, self.page.section)
        self.canvas.setStrokeColor(self.look.second)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(self.look.margin, y - 6, self.size[0] - self.look.margin, y - 6)

    def _footer(self) -> None:
        y = self.look.margin - 14
        self.canvas.setFont(self.look.display.bold, self.look.size * 0.9)
        self.canvas.setFillColor(self.look.accent)
        if self.index % 2:
            self.canvas.drawString(self.look.margin, y, self.label)
        else:
            self.canvas.drawRightString(self.size[0] - self.look.margin, y, self.label)


def fill(
    flowables: Sequence[Flowable], width: float, height: float, canvas: Canvas
) -> tuple[list[tuple[Flowable, float]], list[Flowable]]:
    """Put flowables under each other: what fits, each with the depth of its foot, and what is left."""
    placed: list[tuple[Flowable, float]] = []
    rest, depth, gap = list(flowables), 0.0, 0.0
    while rest:
        flowable = rest[0]
        gap = max(gap, flowable.getSpaceBefore()) if placed else 0.0
        _, needed = flowable.wrapOn(canvas, width, height - depth - gap)
        if depth + gap + needed > height:
            parts = flowable.splitOn(canvas, width, height - depth - gap)
            if len(parts) < 2:
                break
            rest[0:1] = parts
            continue
        depth += gap + needed
        placed.append((flowable, depth))
        gap = flowable.getSpaceAfter()
        del rest[0]
    while rest and placed and placed[-1][0].getKeepWithNext():
        rest.insert(0, placed.pop()[0])
    return placed, rest
