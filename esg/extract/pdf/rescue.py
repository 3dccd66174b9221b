"""Pages without a readable text layer → the same pages, read by OCR.

A garbled text layer is deciphered, which keeps every glyph where it is printed; what has no text layer, or
one that no cipher explains, is read from its picture.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pypdfium2

from esg.domain import Legibility
from esg.extract.ocr import Picture
from esg.extract.pdf import bulk
from esg.extract.pdf.cipher import Cipher, Learner, decipher
from esg.extract.pdf.codes import read_written_lines
from esg.extract.pdf.scan import may_be_scan, scanned
from esg.extract.pdf.sheet import Sheet
from esg.extract.pdf.sheets import read_sheet, visible_frame
from esg.extract.pdf.shot import shoot


def rescued(document: pypdfium2.PdfDocument, sheets: list[Sheet], *, ocr_pages: int) -> list[Sheet]:
    """Read by OCR what else could not be read; `ocr_pages` pages at most are looked at, the first ones."""
    if ocr_pages and any(sheet.legibility is Legibility.GARBLED for sheet in sheets):
        sheets = _deciphered(document, sheets)
    unread = [i for i, sheet in enumerate(sheets) if not sheet.legibility.is_read]
    sparse = [i for i, sheet in enumerate(sheets) if may_be_scan(sheet)]
    chosen = {*(unread + sparse)[:ocr_pages]}
    return [_scanned(document, i, sheet) if i in chosen else sheet for i, sheet in enumerate(sheets)]


def _scanned(document: pypdfium2.PdfDocument, index: int, sheet: Sheet) -> Sheet:
    page = document[index]
    picture, frame = shoot(page), visible_frame(page)
    page.close()
    return scanned(sheet, frame, picture)


def _deciphered(document: pypdfium2.PdfDocument, sheets: list[Sheet]) -> list[Sheet]:
    cipher = _learn(document, [i for i, s in enumerate(sheets) if s.legibility is Legibility.GARBLED])
    return [_translated(document, index, sheet, cipher) for index, sheet in enumerate(sheets)]


def _learn(document: pypdfium2.PdfDocument, garbled: Sequence[int]) -> Cipher:
    learner = Learner()
    for index in garbled:
        page = document[index]
        _learn_from(learner, page)
        page.close()
    return learner.cipher()


def _learn_from(learner: Learner, page: pypdfium2.PdfPage) -> None:
    """Read those lines of a page that hold something new; most pages need no picture."""
    text_page = page.get_textpage()
    lines = read_written_lines(bulk.address(text_page.raw), text_page.count_chars(), visible_frame(page))
    text_page.close()
    picture: Picture | None = None
    for line in lines:
        if learner.wants(line):
            picture = picture or shoot(page)
            learner.learn(line, picture)


def _translated(document: pypdfium2.PdfDocument, index: int, sheet: Sheet, cipher: Cipher) -> Sheet:
    """Read a page again by the cipher, if it helps."""
    read = read_sheet(document, index, letters=partial(decipher, cipher=cipher), guessed=False)
    if read.tokens == sheet.tokens or read.legibility is Legibility.GARBLED:
        return sheet
    if read.legibility is Legibility.TEXT:
        return replace(read, legibility=Legibility.DECODED)
    return read
