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
from esg.extract.sandbox.team import ALONE, Team


def rescued(
    document: pypdfium2.PdfDocument, sheets: list[Sheet], *, ocr_pages: int, team: Team = ALONE
) -> list[Sheet]:
    """Read by OCR what else could not be read; `ocr_pages` of all pages are looked at, the first ones."""
    garbled = _of_all(team, [s for s in sheets if s.legibility is Legibility.GARBLED])
    if ocr_pages and garbled:
        sheets = _deciphered(document, sheets, garbled)
    unread = _of_all(team, [sheet for sheet in sheets if not sheet.legibility.is_read])
    sparse = _of_all(team, [sheet for sheet in sheets if may_be_scan(sheet)])
    chosen = {*(unread + sparse)[:ocr_pages]}
    return [_scanned(document, s.index, s) if s.index in chosen else s for s in sheets]


def _of_all(team: Team, sheets: Sequence[Sheet]) -> list[int]:
    """The places of such pages in the file, those of everybody."""
    return [index for indices in team.gather([sheet.index for sheet in sheets]) for index in indices]


def _scanned(document: pypdfium2.PdfDocument, index: int, sheet: Sheet) -> Sheet:
    page = document[index]
    picture, frame = shoot(page), visible_frame(page)
    page.close()
    return scanned(sheet, frame, picture)


def _deciphered(document: pypdfium2.PdfDocument, sheets: list[Sheet], garbled: Sequence[int]) -> list[Sheet]:
    cipher = _learn(document, garbled)
    return [_translated(document, sheet.index, sheet, cipher) for sheet in sheets]


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
