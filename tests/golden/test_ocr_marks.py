"""Drawn pages of numbers, half of them with a raised mark close by: OCR keeps figures and marks apart.

The command of the figures in docs/adr/ocr.md: pytest tests/golden/test_ocr_marks.py -s
"""

import io
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import font_source_sans_pro
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from esg.extract.ocr import Picture, detect_lines, read_picture

WIDTH, HEIGHT, COLUMN = 400, 260, 95
DPI, POINTS = 200, 72
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
FILES = Path(font_source_sans_pro.__file__).parent / "files"
WORDS = ("emissions", "FY27", "Q4", "ISO14001", "S1-9", "FY2019")


class Type(NamedTuple):
    face: str
    size: float  # points; the rest in shares of it
    gap: float  # between a number and its mark; less than nothing where they touch
    rise: float
    mark: float


TYPES = (
    Type("Helvetica", 8, 0.0, 0.33, 0.58),
    Type("Helvetica-Bold", 9.5, -0.02, 0.38, 0.55),
    Type("Times-Roman", 10, -0.03, 0.33, 0.65),
    Type("Times-Italic", 9, 0.0, 0.38, 0.6),
    Type("SourceSansPro-Regular", 7, -0.01, 0.3, 0.55),
    Type("SourceSansPro-Bold", 11, 0.05, 0.33, 0.65),
)


@pytest.fixture(scope="module", autouse=True)
def _faces() -> None:
    for face in {kind.face for kind in TYPES if kind.face.startswith("Source")}:
        pdfmetrics.registerFont(TTFont(face, str(FILES / f"{face}.ttf")))


def number(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(WORDS)
    if kind < 0.3:
        return str(chance.randint(2018, 2030))
    return f"{chance.randint(100, 999999):,}" if kind < 0.7 else f"{chance.randint(10, 9999) / 10}"


def drawn(kind: Type) -> tuple[Picture, list[str]]:
    """A grey scan of one page, and what is printed on it."""
    chance, sink, printed = random.Random(repr(kind)), io.BytesIO(), []
    canvas = Canvas(sink, pagesize=(WIDTH, HEIGHT), invariant=1)
    y = HEIGHT - 25.0
    while y > 20:
        for x in range(20, WIDTH - 60, COLUMN):
            figure = number(chance)
            mark = str(chance.randint(1, 19)) if chance.random() < 0.5 else ""
            canvas.setFont(kind.face, kind.size)
            canvas.drawString(x, y, figure)
            after = x + pdfmetrics.stringWidth(figure, kind.face, kind.size) + kind.gap * kind.size
            canvas.setFont(kind.face, kind.size * kind.mark)
            canvas.drawString(after, y + kind.rise * kind.size, mark)
            printed.append(figure + mark.translate(RAISED))
        y -= 1.9 * kind.size
    canvas.save()
    return Picture(scan(sink.getvalue()), DPI / POINTS), printed


def scan(data: bytes) -> np.ndarray:
    grey = pypdfium2.PdfDocument(data)[0].render(scale=DPI / POINTS).to_pil().convert("L")
    sink = io.BytesIO()
    grey.save(sink, "JPEG", quality=70)
    return np.asarray(Image.open(io.BytesIO(sink.getvalue())).convert("RGB"))


def pairs(kind: Type) -> Iterator[tuple[str, str]]:
    """(printed, read) of all words whose letters were read right, marked or not."""
    picture, printed = drawn(kind)
    lines = read_picture(picture, detect_lines(picture))
    left = Counter(printed)
    for text in (word.text for line in lines for word in line.words):
        same = (p for p in left if left[p] and p.translate(PLAIN) == text.translate(PLAIN))
        found = next(iter(sorted(same, key=lambda p: p != text)), None)
        if found:
            left[found] -= 1
            yield found, text


def test_marks_are_told_from_the_figures_they_touch() -> None:
    counts: Counter[str] = Counter()
    for kind in TYPES:
        for printed, read in pairs(kind):
            sort = "plain" if printed == printed.translate(PLAIN) else "marked"
            counts += Counter({sort: 1, f"{sort} right": int(printed == read)})

    print(dict(counts))
    assert counts["marked"] > 140
    assert counts["plain"] > 140
    assert counts["marked right"] >= 0.97 * counts["marked"]
    assert counts["plain right"] >= 0.99 * counts["plain"]
