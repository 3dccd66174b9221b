"""The battery's tables drawn on pages without rules → what is read from the bytes of the PDF (a minute).

Run as a script, this prints precision and recall by halves, beside those of the text alone.
"""

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import battery
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from esg.domain import Page
from esg.extract import ParseLimits, extract
from esg.fetch import from_bytes

LEFT, FONT, SIZE, LEADING, WIDTH = 50.0, "Helvetica", 8.0, 9.5, 500.0
LIMITS = ParseLimits(max_pages=3, timeout_seconds=60, memory_bytes=2**31)
PROSE = (
    "This page is part of the sustainability report of the company and describes how the figures were "
    "measured, which sites are covered and how the data have been checked by internal and external auditors "
    "during the period under review, as in the years before."
)


def read(text: str) -> Page:
    """Draw a fragment between two paragraphs and read the page back."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    y = _words(canvas, PROSE, 790.0)
    for part in re.split(r"\n\s*\n", text.strip()):
        rows = [[cell.strip() for cell in row.lstrip("^").split("\t")] for row in part.split("\n")]
        is_table = any(len(row) > 1 for row in rows)
        y = _table(canvas, rows, y) if is_table else _words(canvas, re.sub(r"^[~*#] ", "", part), y)
    _words(canvas, PROSE, y)
    canvas.save()
    return extract(from_bytes(file.getvalue(), name="report.pdf"), limits=LIMITS).pages[0]


def _words(canvas: Canvas, text: str, y: float) -> float:
    canvas.setFont(FONT, SIZE + 1)
    for line in simpleSplit(text, FONT, SIZE + 1, WIDTH):
        canvas.drawString(LEFT, y, line)
        y -= LEADING + 2
    return y - LEADING


def _table(canvas: Canvas, rows: Sequence[Sequence[str]], y: float) -> float:
    """Draw labels at the left, all else flush right, long cells in several lines."""
    canvas.setFont(FONT, SIZE)
    labels = min(230.0, max(canvas.stringWidth(row[0], FONT, SIZE) for row in rows) + 12)
    width = min(110.0, (WIDTH - labels) / (max(map(len, rows)) - 1))
    for row in rows:
        cells = [
            simpleSplit(cell, FONT, SIZE, (width if place else labels) - 8) for place, cell in enumerate(row)
        ]
        for place, lines in enumerate(cells):
            for number, line in enumerate(lines):
                at = y - number * LEADING
                if place:
                    canvas.drawRightString(LEFT + labels + place * width - 4, at, line)
                else:
                    canvas.drawString(LEFT, at, line)
        y -= max(1, *map(len, cells)) * LEADING + 4
    return y - LEADING


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from conftest import build_page

    tables = [f for f in battery.load() if f.about == "figures" and " |" in f.text]
    for name, held_out in (("open", False), ("held out", True)):
        half = [f for f in tables if f.is_held_out == held_out]
        print(f"{name}, drawn:", battery.summary([battery.judge(f, read) for f in half]))
        print(f"{name}, text:", battery.summary([battery.judge(f, build_page) for f in half]))
