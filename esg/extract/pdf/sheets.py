"""The pages of an open PDF → sheets: words and lines, and whether they can be trusted."""

from collections.abc import Callable, Iterable

import pypdfium2

from esg.extract.pdf import bulk
from esg.extract.pdf.frame import Frame
from esg.extract.pdf.glyphs import Codes, known, read_glyphs
from esg.extract.pdf.legibility import judge
from esg.extract.pdf.lines import read_lines
from esg.extract.pdf.rulings import NO_RULINGS, read_rulings
from esg.extract.pdf.sheet import Sheet
from esg.extract.pdf.words import read_words


def read_sheets(document: pypdfium2.PdfDocument, pages: Iterable[int]) -> list[Sheet]:
    return [read_sheet(document, index) for index in pages]


def read_sheet(
    document: pypdfium2.PdfDocument,
    index: int,
    *,
    letters: Callable[[int, Codes], Codes] = known,
    guessed: bool = True,
) -> Sheet:
    """Read one page; one that PDFium cannot load is an empty sheet of its declared size.

    `letters` says what the codes stand for; `guessed` is false where PDFium's guesses are not used.
    """
    label = document.get_page_label(index)
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        width, height = document.get_page_size(index)
        return Sheet(index + 1, Frame(0, 0, width, height, 0), 0, [], [], NO_RULINGS, label)
    try:
        text_page = page.get_textpage()
        visible = visible_frame(page)
        glyphs, frame = read_glyphs(
            page, bulk.address(text_page.raw), text_page.count_chars(), visible, letters=letters
        )
        rulings = read_rulings(bulk.address(page.raw), frame)
        text_page.close()
    finally:
        page.close()
    words = read_words(glyphs, frame)
    tokens, lines = read_lines(words)
    legibility = judge(
        (token.text for token in tokens),
        unmapped=glyphs.unmapped if guessed else 0.0,
        picture=rulings.picture,
    )
    turns = (visible.turn - frame.turn) % 4
    return Sheet(index + 1, frame, turns, tokens, lines, rulings, label, legibility, words.hidden)


def visible_frame(page: pypdfium2.PdfPage) -> Frame:
    """The page as its reader sees it."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation() // 90)
