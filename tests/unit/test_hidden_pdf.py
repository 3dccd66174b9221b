"""Words in a PDF that nobody sees: left out of its text and counted; what can be seen stays."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from esg.domain import Legibility, Page
from esg.extract.pdf import read_pdf

Draw = Callable[[Canvas], None]
SEEN = "We report what can be seen."
SECRET = "Our targets are validated."
WHITE, DARK, GREY = (1, 1, 1), (0, 0, 0.3), (0.95, 0.95, 0.95)


def read(*draws: Draw) -> Page:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300))
    canvas.drawString(50, 250, SEEN)
    for draw in draws:
        canvas.saveState()
        draw(canvas)
        canvas.restoreState()
    canvas.save()
    (page,) = read_pdf(buffer.getvalue(), document_id="d", max_pages=1)
    return page


def words(
    text: str = SECRET, x: float = 50, y: float = 200, *, ink: tuple[float, ...] = WHITE, **more: float
) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillAlpha(more.get("alpha", 1))
        line = canvas.beginText(x, y)
        line.setFont("Helvetica", more.get("size", 10))
        line.setFillColorRGB(*ink)
        line.setStrokeColorRGB(*ink)
        line.setTextRenderMode(int(more.get("mode", 0)))
        line.textOut(text)
        canvas.drawText(line)

    return draw


def band(*ink: float, y: float = 190, height: float = 30) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*ink)
        canvas.rect(40, y, 200, height, stroke=0, fill=1)

    return draw


def picture(text: str, size: tuple[int, int] = (400, 300)) -> Draw:
    """A scan of a page, its text where `words` prints it."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((50, 90), text, fill="black")

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(image), 0, 0, 400, 300)

    return draw


def in_a_form(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("form")
        for one in draws:
            one(canvas)
        canvas.endForm()
        canvas.doForm("form")

    return draw


@pytest.mark.parametrize(
    "draws",
    [
        [words()],
        [words(ink=(0.99, 0.99, 0.98))],
        [band(*WHITE), words()],
        [band(*DARK), band(*WHITE), words()],
        [words(mode=1)],
        [words(mode=3, ink=(0, 0, 0))],
        [words(alpha=0, ink=(0, 0, 0))],
        [words(size=0.4, ink=(0, 0, 0))],
        [words(x=500, ink=(0, 0, 0))],
        [words(y=-50, ink=(0, 0, 0))],
        [in_a_form(words())],
    ],
    ids=[
        "white on white",
        "nearly white",
        "on a white band",
        "on a white band over a dark one",
        "white outlines",
        "without ink",
        "transparent",
        "tiny",
        "beside the page",
        "below the page",
        "in a form",
    ],
)
def test_what_nobody_sees_is_left_out_and_counted(draws: list[Draw]) -> None:
    page = read(*draws)

    assert page.text == SEEN
    assert page.hidden == len(SECRET.replace(" ", ""))


@pytest.mark.parametrize(
    "draws",
    [
        [band(*DARK), words()],
        [band(0.8, 0.9, 1), words()],
        [in_a_form(band(*DARK), words())],
        [words(ink=GREY), words(x=49.5, y=200.5, ink=(0, 0, 0))],
        [words(mode=1), words(ink=(0, 0, 0))],
        [words(ink=(0, 0, 0), alpha=0.5)],
        [words(size=4, ink=(0, 0, 0))],
    ],
    ids=["on a dark band", "on a light one", "in a form", "a shadow", "a halo", "half transparent", "small"],
)
def test_what_is_seen_is_read(draws: list[Draw]) -> None:
    page = read(*draws)

    assert SECRET in page.text
    assert page.hidden == 0


def test_what_ocr_lays_over_a_scan_is_read_where_something_is_printed() -> None:
    page = read(
        picture(SECRET),
        words(SECRET, y=201, ink=(0, 0, 0), mode=3),
        words("Nothing is here.", y=100, ink=(0, 0, 0), mode=3),
    )

    assert SECRET in page.text
    assert "Nothing" not in page.text
    assert (page.hidden, page.legibility) == (14, Legibility.TEXT)
