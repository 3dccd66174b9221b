"""Inside the sandbox: pages of a PDF → PNGs."""

from itertools import groupby
from typing import Any

import pypdfium2 as pdfium

from esg.domain import Box
from esg.errors import Rejected
from esg.extract.render import paint
from esg.extract.render.framing import pack
from esg.extract.render.view import View


def rasterise(data: bytes, *, jobs: list[dict[str, Any]]) -> bytes:
    """Draw each job's view of a page; raises `Rejected` when the page is not there or cannot be drawn."""
    try:
        with pdfium.PdfDocument(data) as document:
            return pack(_in_order(document, jobs))
    except pdfium.PdfiumError as error:
        raise Rejected(
            f"A page cannot be drawn: {error}.", code="not_drawable", next_step="Read its text instead."
        ) from error


def _in_order(document: pdfium.PdfDocument, jobs: list[dict[str, Any]]) -> list[bytes]:
    """Load every page once, whatever the order of the jobs."""
    pictures: dict[int, bytes] = {}
    by_page = sorted(enumerate(jobs), key=lambda item: item[1]["number"])
    for number, group in groupby(by_page, key=lambda item: item[1]["number"]):
        page = _page(document, number)
        pictures |= {at: _picture(page, job) for at, job in group}
        page.close()
    return [pictures[at] for at in range(len(jobs))]


def _page(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    if not 1 <= number <= len(document):
        raise Rejected(
            f"There is no page {number}.", code="no_such_page", next_step=f"It has {len(document)} pages."
        )
    return document[number - 1]


def _picture(page: pdfium.PdfPage, job: dict[str, Any]) -> bytes:
    view = View(*job["view"])
    boxes = [Box(*box) for box in job["boxes"]]
    return paint.png(paint.highlighted(_drawn(page, view), boxes, view))


def _drawn(page: pdfium.PdfPage, view: View) -> paint.Image.Image:
    width, height = page.get_size()
    margins = (view.x0, max(0.0, height - view.y1), max(0.0, width - view.x1), view.y0)  # as PDFium counts
    bitmap: paint.Image.Image = page.render(scale=view.scale, crop=margins).to_pil()
    return bitmap.convert("RGB")
