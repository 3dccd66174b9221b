"""The three designs: a look and a cover each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from look import SANS, SERIF, VERA, WHITE, Look
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Design:
    look: Look
    cover: Callable[[Canvas, Look], None]


def _quernlow(canvas: Canvas, look: Look) -> None:
    width, height = look.page
    _box(canvas, look.tint, 0, 0, width, height)
    canvas.setFillColor(look.second)
    for row in range(4):
        for ear in range(9):
            _ear(canvas, 40 + ear * 64 + (row % 2) * 32, 36 + row * 62)
    _box(canvas, look.accent, 0, 300, width, 225)
    _box(canvas, look.second, 46, 390, 90, 3)
    _lines(canvas, WHITE, "Doing our bit", "Vera-Bold", 40, (46, 450))
    _lines(canvas, WHITE, "Our people and planet report 2024", "Vera", 17, (46, 410))
    _lines(canvas, WHITE, "Quernlow Bakeries plc", "Vera-Bold", 14, (46, 330))
    _lines(canvas, look.ink, "Baked fresh in the north since 1931", "Vera-Italic", 11, (46, 552))


def _ear(canvas: Canvas, x: float, y: float) -> None:
    """An ear of wheat: four pairs of grains leaning outwards."""
    for side in (-1, 1):
        for grain in range(4):
            canvas.saveState()
            canvas.translate(x + side * 5, y + grain * 11)
            canvas.rotate(-side * 35)
            canvas.ellipse(-3, -6, 3, 6, stroke=0, fill=1)
            canvas.restoreState()


def _kaldenbruck(canvas: Canvas, look: Look) -> None:
    width, height = look.page
    _box(canvas, look.accent, 0, 0, width, height)
    for row in range(9):
        for brick in range(-1, 7):
            shade = look.second if (row * 3 + brick * 5) % 7 == 0 else _pale(look.accent, (row + brick) % 3)
            _box(canvas, shade, brick * 104 + (row % 2) * 52, 40 + row * 42, 98, 36)
    _lines(canvas, WHITE, "Kaldenbruck", "Sans-Bold", 25, (54, height - 84))
    _lines(canvas, WHITE, "Building on what lasts", "Sans-Bold", 46, (54, height - 220))
    _lines(canvas, WHITE, "Sustainability Report 2023/24", "Sans", 22, (54, height - 322))
    _lines(canvas, WHITE, "Financial year ended 30 June 2024 (FY24)", "Sans", 13, (54, height - 350))
    _lines(canvas, WHITE, "Kaldenbruck Group AG", "Sans", 11, (54, 18))


def _lyngvarde(canvas: Canvas, look: Look) -> None:
    width, height = look.page
    _box(canvas, WHITE, 0, 0, width, height)
    for wave in range(7):
        _wave(canvas, _pale(look.accent, 6 - wave), 430 - wave * 62, 36 - wave * 3, width)
    _lines(canvas, look.accent, "LYNGVARDE", "Sans-Bold", 18, (58, height - 74))
    _lines(canvas, look.ink, "Annual Report 2024", "Serif", 20, (58, height - 150))
    _lines(canvas, look.accent, "Sustainability Statement", "Serif-Bold", 44, (58, height - 200))
    _lines(canvas, look.ink, "for the year ended 31 December 2024", "Serif-Italic", 14, (58, height - 300))
    _lines(canvas, WHITE, "Lyngvarde ASA", "Sans-Bold", 13, (58, 34))


def _wave(canvas: Canvas, color: Color, y: float, swing: float, width: float) -> None:
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.lineTo(0, y)
    path.curveTo(width * 0.3, y + swing * 2, width * 0.6, y - swing * 2.4, width, y + swing)
    path.lineTo(width, 0)
    path.close()
    canvas.setFillColor(color)
    canvas.drawPath(path, stroke=0, fill=1)


def _pale(color: Color, step: int) -> Color:
    """The colour, a little closer to white with every step."""
    share = step * 0.11
    return Color(*(part + (1 - part) * share for part in (color.red, color.green, color.blue)))


def _box(canvas: Canvas, color: Color, x: float, y: float, width: float, height: float) -> None:
    canvas.setFillColor(color)
    canvas.rect(x, y, width, height, stroke=0, fill=1)


def _lines(canvas: Canvas, color: Color, text: str, font: str, size: float, at: tuple[float, float]) -> None:
    """Print a title, its first line at `at`, within the width of the page."""
    x, y = at
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    for number, line in enumerate(simpleSplit(text, font, size, 480)):
        canvas.drawString(x, y - number * size * 1.12, line)


SIDE = 595.0  # a square booklet, 210 mm

DESIGNS: Mapping[str, Design] = {
    "quernlow": Design(
        Look(
            body=VERA,
            display=VERA,
            ink=HexColor(0x3A2E26),
            accent=HexColor(0x9A4A1C),
            second=HexColor(0xD9A441),
            tint=HexColor(0xFBF1DF),
            size=8.8,
            leading=12.8,
            margin=46,
            page=(SIDE, SIDE),
            justified=False,
            ligatures=False,
            subscript="2",
        ),
        _quernlow,
    ),
    "kaldenbruck": Design(
        Look(
            body=SANS,
            display=SANS,
            ink=HexColor(0x2B2F33),
            accent=HexColor(0x7A2B22),
            second=HexColor(0xC98B5B),
            tint=HexColor(0xF5EBE4),
            size=10.3,
            leading=14.2,
            margin=56,
        ),
        _kaldenbruck,
    ),
    "lyngvarde": Design(
        Look(
            body=SERIF,
            display=SANS,
            ink=HexColor(0x1F2A33),
            accent=HexColor(0x0F4C5C),
            second=HexColor(0x4FA3A5),
            tint=HexColor(0xE8F3F3),
            size=10.1,
            leading=13.7,
            margin=56,
        ),
        _lyngvarde,
    ),
}
