"""Extracting whole documents through the sandbox: invented ones, broken ones, hostile ones."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from esg.domain import Box, Fetched, MediaType, document_id
from esg.errors import Rejected
from esg.evaluate import plain
from esg.extract import Extraction, ParseLimits, Picture, extract, render, render_many
from esg.extract.codec import encode
from esg.fetch import from_bytes
from tests.fakes import word

LIMITS = ParseLimits(max_pages=50, timeout_seconds=60, memory_bytes=1024**3)
TEXT = "Kestrel Foods Ltd reduced the emissions of all of its sites by 12 % and will reach net zero by 2040."


def pdf(*texts: str, title: str = "", encryption: StandardEncryption | None = None) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=encryption, invariant=True)
    canvas.setTitle(title)
    for text in texts:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them its catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + trailer


def stream_bomb() -> bytes:
    """A page whose content is 100 MB of text operators, packed into 100 KB."""
    packed = zlib.compress(b"BT /F1 12 Tf 72 700 Td (x) Tj ET\n" * 3_000_000, 9)
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def read(data: bytes, *, limits: ParseLimits = LIMITS, name: str = "report") -> Extraction:
    return extract(from_bytes(data, name=name), limits=limits)


def code(data: bytes, *, limits: ParseLimits = LIMITS) -> str:
    with pytest.raises(Rejected) as refusal:
        read(data, limits=limits)
    assert refusal.value.next_step
    return refusal.value.code


# -- what works -------------------------------------------------------------------------------------------


def test_a_pdf_becomes_pages_with_language_and_identity() -> None:
    data = pdf("Sustainability Report 2023", TEXT, TEXT, title="Sustainability Report 2023")

    extraction = read(data)

    assert [page.number for page in extraction.pages] == [1, 2, 3]
    assert {page.document_id for page in extraction.pages} == {document_id(data)}
    assert extraction.pages[1].text == TEXT
    assert extraction.language == extraction.pages[1].language == "en"
    assert (extraction.identity.company, extraction.identity.year) == ("Kestrel Foods Ltd", 2023)
    assert extraction.title == "Sustainability Report 2023"


def test_a_web_page_becomes_pages_too() -> None:
    extraction = read(f"<html><title>ESG Report 2023</title><body><h1>Energy</h1><p>{TEXT}</p>".encode())

    assert extraction.pages[0].text == f"Energy\n{TEXT}"
    assert (extraction.language, extraction.identity.year) == ("en", 2023)


def test_a_word_document_becomes_pages_too() -> None:
    data = word.write(
        word.paragraph("Energy", style="H1") + word.paragraph(TEXT),
        title="Kestrel Foods Ltd Sustainability Report 2023",
        made_on="2024-02-26T10:15:00Z",
    )
    extraction = read(data)

    assert extraction.pages[0].text == f"Energy\n{TEXT}"
    assert (extraction.language, extraction.made_on) == ("en", "2024-02-26")
    assert (extraction.identity.company, extraction.identity.year) == ("Kestrel Foods Ltd", 2023)
    (plain_text,) = plain.pages(from_bytes(data, name="report"), limits=LIMITS)
    assert plain.runs_on(TEXT, plain_text)


def test_the_sender_may_say_how_a_web_page_is_encoded() -> None:
    page = from_bytes("<p>выбросы сократились".encode("koi8-r"), name="page")
    sent = Fetched(
        page.source,
        page.data,
        page.media_type,
        page.fetched_at,
        headers=(("content-type", "text/html; charset=KOI8-R"),),
    )

    assert extract(sent, limits=LIMITS).pages[0].text == "выбросы сократились"


@pytest.mark.parametrize("data", [pdf(TEXT, TEXT), f"<p>{TEXT}".encode()])
def test_the_same_bytes_give_the_same_extraction(data: bytes) -> None:
    assert encode(read(data)) == encode(read(data, name="another name"))


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert read(pdf(TEXT, encryption=StandardEncryption("", "owner", canCopy=0))).pages[0].text == TEXT


# -- what cannot be read ----------------------------------------------------------------------------------

NESTED = b"<html><body>" + b"<div>" * 60_000 + b"x"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: pdf(TEXT, encryption=StandardEncryption("secret")), "encrypted"),
        (lambda: pdf(*[TEXT] * 40)[:9000], "truncated"),
        (lambda: pdf(*[TEXT] * 51), "too_many_pages"),
        (lambda: b"<html><script>draw()</script></html>", "no_text"),
        (lambda: b"<p>x</p><div style='page-break-after:always'></div>" * 51, "too_many_pages"),
    ],
)
def test_each_unreadable_document_has_its_own_reason(make: Callable[[], bytes], reason: str) -> None:
    assert code(make()) == reason


def test_junk_behind_a_pdf_header_is_rejected() -> None:
    assert code(b"%PDF-1.7\n" + bytes(range(256)) * 100) in ("truncated", "corrupt")


def test_a_bomb_of_content_is_defused() -> None:
    assert code(stream_bomb()) in ("parser_memory", "parser_timeout")


def test_a_web_page_nested_without_end_is_given_up() -> None:
    assert code(NESTED, limits=ParseLimits(timeout_seconds=1)) == "parser_timeout"


# -- pictures ---------------------------------------------------------------------------------------------


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def is_marked(image: Image.Image) -> bool:
    """Whether anything in a picture is coloured like the marker."""
    colours = image.getcolors(1 << 24) or []
    return any(red > 200 and blue < 180 for _, (red, _, blue) in colours)  # type: ignore[misc]


@pytest.mark.parametrize("data", [pdf(TEXT), f"<p>{TEXT}".encode(), word.write(word.paragraph(TEXT))])
def test_a_quote_is_highlighted_where_it_is_printed(data: bytes) -> None:
    fetched = from_bytes(data, name="report")
    page = extract(fetched, limits=LIMITS).pages[0]
    boxes = [word.box for word in page.words if page.text[word.start : word.end] == "emissions"]

    whole = opened(render(data, fetched.media_type, page, boxes=boxes))
    around = Box(boxes[0].x0 - 5, boxes[0].y0 - 5, boxes[0].x1 + 5, boxes[0].y1 + 5)
    crop = opened(render(data, fetched.media_type, page, boxes=boxes, scale=2, crop=around))

    assert whole.size == pytest.approx((page.width * 1.5, page.height * 1.5), abs=1)
    assert crop.size == pytest.approx(((around.x1 - around.x0) * 2, (around.y1 - around.y0) * 2), abs=1.5)
    assert is_marked(whole)
    assert is_marked(crop)
    # The marked word is printed inside the crop: dark letters lie under the marker.
    assert min(red for _, (red, _, _) in crop.getcolors(1 << 24) or []) < 120  # type: ignore[misc]
    assert not is_marked(opened(render(data, fetched.media_type, page)))


def test_many_pictures_come_in_the_order_asked_for() -> None:
    data = pdf("one", "two", "three")
    pages = read(data).pages

    pictures = render_many(
        data, MediaType.PDF, [Picture(pages[n], scale=scale) for n, scale in ((2, 0.5), (0, 1.0), (2, 0.25))]
    )

    widths = [opened(picture).width for picture in pictures]
    assert widths == pytest.approx([297.6, 595.3, 148.8], abs=1)
    assert render_many(data, MediaType.PDF, []) == []


def test_a_page_that_is_not_there_cannot_be_drawn() -> None:
    page = read(pdf("one", "two")).pages[1]

    with pytest.raises(Rejected) as refusal:
        render(pdf("one"), MediaType.PDF, page)

    assert refusal.value.code == "no_such_page"


def test_a_broken_file_cannot_be_drawn() -> None:
    page = read(pdf("one")).pages[0]

    with pytest.raises(Rejected) as refusal:
        render(b"%PDF-1.7 broken", MediaType.PDF, page)

    assert refusal.value.code == "not_drawable"


@pytest.mark.skipif(
    not (Path(__file__).parents[2].parent / "shared" / "reports").is_dir(),
    reason="the shared reports are not beside this checkout",
)
def test_a_real_filing_has_its_pages_tables_and_labels() -> None:
    path = Path(__file__).parents[2].parent / "shared" / "reports" / "more" / "nke-10k.html"

    extraction = read(path.read_bytes(), limits=ParseLimits())

    assert len(extraction.pages) == 99
    assert [page.label for page in extraction.pages[3:]] == [str(number) for number in range(1, 97)]
    assert sum(len(page.tables) for page in extraction.pages) > 50
    assert (extraction.language, extraction.identity.year) == ("en", 2025)
