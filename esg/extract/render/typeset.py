"""Inside the sandbox: words of a layout → PNGs, set by PDFium in the type the layout was measured with."""

import ctypes
from typing import Any, NamedTuple
from unicodedata import normalize

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from esg.domain import Box
from esg.extract.render import paint
from esg.extract.render.framing import pack
from esg.extract.render.view import View

_FACES = {False: b"Helvetica", True: b"Helvetica-Bold"}
_INK = (33, 33, 33, 255)
_SIZE = 1 / 1.2  # of the font, as a share of the height of a word's box
_BASELINE = 0.78  # of the box, from its top
_ENCODING = "cp1252"  # what PDFium's own faces hold


class Set(NamedTuple):
    """A word as it is sent: its text, its box, whether it is bold."""

    text: str
    box: Box
    bold: bool


def typeset(_: bytes, *, jobs: list[dict[str, Any]]) -> bytes:
    """Draw each job's words; a job shows a view of a page of its own."""
    return pack([_picture(job) for job in jobs])


def _picture(job: dict[str, Any]) -> bytes:
    view = View(*job["view"])
    words = [Set(text, Box(*box), bold) for text, box, bold in job["words"]]
    drawable = [word._replace(text=plain) for word in words if (plain := _plain(word.text))]
    others = [(word.text, word.box) for word in words if not _plain(word.text)]
    image = _drawn(drawable, view)
    boxes = [Box(*box) for box in job["boxes"]]
    return paint.png(paint.highlighted(paint.foreign(image, others, view), boxes, view))


def _plain(text: str) -> str:
    """A word in letters that the faces hold, at need without its accents; "" where that cannot be."""
    for form in (text, normalize("NFKC", text), normalize("NFKD", text)):
        kept = "".join(letter for letter in form if not "\u0300" <= letter <= "\u036f") if form else ""
        for candidate in (form, kept):
            if candidate and _is_encodable(candidate):
                return candidate
    return ""


def _is_encodable(text: str) -> bool:
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _drawn(words: list[Set], view: View) -> "paint.Image.Image":
    """Set the words on a page of the view's size, whose origin is at the bottom left."""
    document = pdfium.PdfDocument.new()
    page = document.new_page(view.x1 - view.x0, view.y1 - view.y0)
    faces = {bold: raw.FPDFText_LoadStandardFont(document, name) for bold, name in _FACES.items()}
    for word in words:
        _set(document, page, faces[word.bold], word, view)
    raw.FPDFPage_GenerateContent(page)
    bitmap = page.render(scale=view.scale)
    image: paint.Image.Image = bitmap.to_pil().convert("RGB")
    for closable in (page, document):
        closable.close()
    return image


def _set(document: Any, page: Any, face: Any, word: Set, view: View) -> None:
    height = word.box.y1 - word.box.y0
    run = raw.FPDFPageObj_CreateTextObj(document, face, ctypes.c_float(height * _SIZE))
    letters = ctypes.create_string_buffer(word.text.encode("utf-16-le") + b"\0\0")
    raw.FPDFText_SetText(run, ctypes.cast(letters, ctypes.POINTER(ctypes.c_ushort)))
    raw.FPDFPageObj_SetFillColor(run, *_INK)
    baseline = view.y1 - (word.box.y0 + height * _BASELINE)
    raw.FPDFPageObj_Transform(run, 1, 0, 0, 1, word.box.x0 - view.x0, baseline)
    raw.FPDFPage_InsertObject(page, run)
