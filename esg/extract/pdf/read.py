"""PDF bytes → pages: text in reading order, with a box for every word (PDFium)."""

import re
from collections import Counter
from collections.abc import Sequence, Set
from itertools import chain

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from esg import errors
from esg.domain import BlockKind, Page
from esg.extract.pdf.blocks import Body, Paragraph, count_letters, measure_body, read_blocks
from esg.extract.pdf.columns import reading_order
from esg.extract.pdf.compose import Composer
from esg.extract.pdf.furniture import Furniture, edges_from, find_furniture, read_edges
from esg.extract.pdf.hyphens import vocabulary
from esg.extract.pdf.lines import Line, box_of
from esg.extract.pdf.rescue import rescued
from esg.extract.pdf.sheet import Sheet
from esg.extract.pdf.sheets import read_sheets
from esg.extract.pdf.tables.find import find_tables
from esg.extract.pdf.tables.grid import Grid
from esg.extract.sandbox.team import ALONE, Team

TAIL_BYTES = 32 * 1024  # a whole file says within these where its cross references start


def read_pdf(
    data: bytes, *, document_id: str, max_pages: int, ocr_pages: int = 0, team: Team = ALONE
) -> tuple[Page, ...]:
    """Read a team member's share of the pages of a PDF, all of them where it is alone.

    `ocr_pages` of the whole file are read by OCR at most, where the text layer cannot be read. Raises
    `errors.Rejected` for a file that is encrypted, truncated, damaged, empty or too long.
    """
    document = open_pdf(data)
    try:
        _check_length(len(document), max_pages)
        mine = team.share(len(document))
        sheets = rescued(document, read_sheets(document, mine), ocr_pages=ocr_pages, team=team)
    except pypdfium2.PdfiumError as error:  # its page tree promises a page that is not there
        raise _damaged() from error
    finally:
        document.close()
    body = _body(sheets, team)
    known = _vocabulary(sheets, team)
    furniture = _furniture(sheets, body, team)
    return tuple(_page(sheet, furniture[sheet.index], body, known, document_id) for sheet in sheets)


def _body(sheets: Sequence[Sheet], team: Team) -> Body:
    counted = count_letters((sheet.tokens, sheet.lines) for sheet in sheets)
    letters: Counter[float] = Counter()
    for share in team.gather([*counted.items()]):
        letters.update(dict(share))
    return measure_body(letters)


def _vocabulary(sheets: Sequence[Sheet], team: Team) -> frozenset[str]:
    inside = (sheet.tokens[i].text for sheet in sheets for line in sheet.lines for i in line.words[:-1])
    return frozenset(chain.from_iterable(team.gather([*vocabulary(inside)])))


def _furniture(sheets: Sequence[Sheet], body: Body, team: Team) -> list[Furniture]:
    edges = chain.from_iterable(team.gather([read_edges(sheet) for sheet in sheets]))
    return find_furniture([edges_from(page) for page in edges], body_size=body.size)


def read_metadata(data: bytes) -> dict[str, str]:
    """Read what the file says of itself: Title, Author, CreationDate …, each where it is said."""
    document = open_pdf(data)
    try:
        return {key: text.strip() for key, text in document.get_metadata_dict(skip_empty=True).items()}
    finally:
        document.close()


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF, or say why it cannot be read."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(data, error) from error
    if _is_cut_off(data):
        document.close()
        raise _truncated()
    return document


def _refusal(data: bytes, error: pypdfium2.PdfiumError) -> errors.Rejected:
    if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return errors.Rejected(
            "The PDF is encrypted and asks for a password.",
            code="encrypted",
            next_step="Save a copy without a password and send that.",
        )
    if _is_cut_off(data):
        return _truncated()
    return _without_pages() if _names_no_page(data) else _damaged()


def _damaged() -> errors.Rejected:
    return errors.Rejected(
        "The PDF is damaged: no page can be read from it.",
        code="corrupt",
        next_step="Fetch the file again, or open it in a viewer and print it to a new PDF.",
    )


def _without_pages() -> errors.Rejected:
    return errors.Rejected(
        "The PDF has no pages.", code="no_pages", next_step="Check that the right file was sent."
    )


def _names_no_page(data: bytes) -> bool:
    """Whether a file has a page tree and says that nothing hangs on it (PDFium opens no such file)."""
    return re.search(rb"/Count\s+0\b", data) is not None and re.search(rb"/Type\s*/Page\b", data) is None


def _truncated() -> errors.Rejected:
    return errors.Rejected(
        "The PDF ends in the middle: its end is missing.",
        code="truncated",
        next_step="Fetch the file again and compare its size with the original.",
    )


def _is_cut_off(data: bytes) -> bool:
    tail = data[-TAIL_BYTES:]
    return b"%%EOF" not in tail and b"startxref" not in tail


def _check_length(pages: int, max_pages: int) -> None:
    if pages == 0:
        raise _without_pages()
    if pages > max_pages:
        raise errors.Rejected(
            f"The PDF has {pages:,} pages; at most {max_pages:,} are read.",
            code="too_many_pages",
            next_step="Send the report alone, or raise ESG_MAX_PAGES.",
        )


def _page(sheet: Sheet, running: Furniture, body: Body, known: Set[str], document_id: str) -> Page:
    composer = Composer(sheet, known)
    for paragraph in _running(sheet, running, BlockKind.HEADER):
        composer.write(paragraph)
    _write_body(composer, sheet, running, body)
    for paragraph in _running(sheet, running, BlockKind.FOOTER):
        composer.write(paragraph)
    return composer.page(
        document_id=document_id,
        label=running.label,
        legibility=sheet.legibility,
    )


def _running(sheet: Sheet, running: Furniture, kind: BlockKind) -> list[Paragraph]:
    lines = [sheet.lines[index] for index, found in running.kinds.items() if found is kind]
    return [Paragraph(kind, [line]) for line in sorted(lines, key=lambda line: (line.y0, line.x0))]


def _write_body(composer: Composer, sheet: Sheet, running: Furniture, body: Body) -> None:
    """Write the blocks of a page in reading order; text that runs up or down the page comes last."""
    lines = [line for index, line in enumerate(sheet.lines) if index not in running.kinds]
    grids, lines = find_tables(sheet.tokens, lines, sheet.rulings)
    upright = [line for line in lines if not line.direction]
    boxes = np.array([line[1:5] for line in upright] + [box_of(grid.lines) for grid in grids], np.float32)
    for group in reading_order(boxes, body.size):
        _write_column(
            composer,
            sheet,
            [upright[i] if i < len(upright) else grids[i - len(upright)] for i in group],
            body,
        )
    for line in lines:
        if line.direction:
            composer.write(Paragraph(BlockKind.PARAGRAPH, [line]))


def _write_column(composer: Composer, sheet: Sheet, items: Sequence[Line | Grid], body: Body) -> None:
    """Write what stands in one column, from top to bottom."""
    lines: list[Line] = []
    for item in sorted(
        items, key=lambda item: item.baseline if isinstance(item, Line) else item.lines[0].baseline
    ):
        if isinstance(item, Line):
            lines.append(item)
            continue
        for block in read_blocks(sheet.tokens, lines, body=body, height=sheet.frame.height):
            composer.write(block)
        lines = []
        composer.write_table(item)
    for block in read_blocks(sheet.tokens, lines, body=body, height=sheet.frame.height):
        composer.write(block)
