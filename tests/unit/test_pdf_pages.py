"""Small PDFs made here → pages: words where they are printed, in reading order, or a refusal."""

import io
from collections.abc import Callable
from itertools import pairwise

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from esg.domain import Block, BlockKind, Box, Legibility, Page
from esg.errors import Rejected
from esg.extract.pdf import read_metadata, read_pdf

SIZE = (400.0, 300.0)
LEFT = ("Water is taken from", "the river in the north", "and from two wells in", "the valley below it.")
RIGHT = ("Energy comes from sun", "and wind, with a part", "from the grid that is", "bought on the market.")

Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, **options: object) -> bytes:
    """A PDF of these pages, 400 by 300 points unless a page says otherwise."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=SIZE, **options)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def read(*pages: Draw, **options: object) -> tuple[Page, ...]:
    return read_pdf(pdf(*pages, **options), document_id="d", max_pages=100)


def line(text: str, x: float = 50, y: float = 200, *, font: str = "Helvetica", size: float = 10) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        canvas.drawString(x, y, text)

    return draw


def lines(*texts: str, x: float = 50, y: float = 200, leading: float = 12) -> Draw:
    return both(*(line(text, x, y - leading * place) for place, text in enumerate(texts)))


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def box_of(page: Page, text: str) -> Box:
    return next(word.box for word in page.words if page.text[word.start : word.end] == text)


def text_of(page: Page, block: Block) -> str:
    return page.text[block.start : block.end]


def refusal(data: bytes, max_pages: int = 100) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read_pdf(data, document_id="d", max_pages=max_pages)
    return caught.value


# -- refusals


def test_an_encrypted_file_is_refused() -> None:
    data = pdf(line("secret"), encrypt=StandardEncryption("user", "owner"))

    assert refusal(data).code == "encrypted"


def test_a_file_encrypted_without_a_password_is_read() -> None:
    page = read(line("open"), encrypt=StandardEncryption("", "owner", canPrint=0))[0]

    assert page.text == "open"


def test_a_truncated_file_is_refused() -> None:
    data = pdf(line("cut"))

    assert refusal(data[: len(data) // 2]).code == "truncated"
    assert refusal(data[:-30]).code == "truncated"


def test_a_damaged_file_is_refused() -> None:
    error = refusal(b"%PDF-1.7\nnothing but noise\n%%EOF\n")

    assert error.code == "corrupt"
    assert error.next_step


def test_a_file_without_pages_is_refused() -> None:
    catalog = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    data = catalog + b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"

    assert refusal(data).code == "no_pages"


def test_a_file_with_too_many_pages_is_refused_by_both_numbers() -> None:
    error = refusal(pdf(*[line("page")] * 3), max_pages=2)

    assert error.code == "too_many_pages"
    assert "3 pages" in error.message
    assert "2" in error.message


# -- words and where they are printed


def test_words_cover_the_text_in_order() -> None:
    page = read(lines(*LEFT))[0]

    assert [page.text[word.start : word.end] for word in page.words] == " ".join(LEFT).split()
    assert all(a.end <= b.start for a, b in pairwise(page.words))


def test_a_box_is_where_the_reader_sees_the_word() -> None:
    box = box_of(read(line("word", 50, 200))[0], "word")

    assert box.x0 == pytest.approx(50, abs=0.1)
    assert box.y0 == pytest.approx(300 - 200 - 8, abs=0.1)
    assert box.y1 == pytest.approx(300 - 200 + 2.2, abs=0.1)


@pytest.mark.parametrize(
    ("turns", "middle"), [(0, (60.6, 97.1)), (1, (202.9, 60.6)), (2, (339.4, 202.9)), (3, (197.1, 239.4))]
)
def test_boxes_follow_the_rotation_of_the_page(turns: int, middle: tuple[float, float]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90 * turns)
        line("word", 50, 200)(canvas)

    page = read(draw)[0]
    box = box_of(page, "word")

    assert (page.width, page.height) == SIZE  # ReportLab turns the sheet so that the reader sees this
    assert ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) == pytest.approx(middle, abs=1.0)


def test_boxes_start_at_the_crop_box_and_words_beside_it_are_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((40, 50, 300, 280))
        both(line("seen", 50, 200), line("unseen", 320, 200))(canvas)

    page = read(draw)[0]

    assert page.text == "seen"
    assert (page.width, page.height) == (260, 230)
    assert box_of(page, "seen").x0 == pytest.approx(10, abs=0.1)
    assert box_of(page, "seen").y0 == pytest.approx(280 - 200 - 8, abs=0.1)


def test_a_table_set_sideways_is_read_upright_with_boxes_on_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 20)
        canvas.rotate(90)
        lines("Sideways text runs up", "the page, line by line.", x=0, y=100)(canvas)

    page = read(draw)[0]
    box = box_of(page, "Sideways")

    assert page.text == "Sideways text runs up the page, line by line."
    assert box.y1 - box.y0 > 3 * (box.x1 - box.x0)  # it runs up the page
    assert box.y1 == pytest.approx(300 - 20, abs=0.5)
    assert 0 <= box.x0 < box.x1 <= page.width


def test_clipped_text_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        line("seen", 50, 200)(canvas)
        path = canvas.beginPath()
        path.rect(40, 40, 100, 60)
        canvas.clipPath(path, stroke=0, fill=0)
        both(line("inside", 50, 50), line("outside", 250, 250))(canvas)

    assert read(draw)[0].text.split() == ["seen", "inside"]


# -- reading order


def test_two_columns_are_read_one_after_the_other() -> None:
    page = read(
        both(
            line("Title across the whole width of both columns", 50, 250), lines(*LEFT), lines(*RIGHT, x=220)
        )
    )[0]

    assert page.text.split("\n")[1:] == [" ".join(LEFT), " ".join(RIGHT)]


def test_columns_are_read_the_same_whatever_the_order_they_were_drawn_in() -> None:
    forth = read(both(lines(*LEFT), lines(*RIGHT, x=220)))[0]
    rows = (
        both(line(right, 220, 200 - 12 * place), line(left, 50, 200 - 12 * place))
        for place, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True))
    )
    back = read(both(*rows))[0]

    assert forth.text == back.text == " ".join(LEFT) + "\n" + " ".join(RIGHT)


def test_three_columns_are_read_from_left_to_right() -> None:
    page = read(both(*(lines("one two three", f"column {n} ends", x=30 + 130 * n) for n in range(3))))[0]

    assert [word for word in page.text.split() if word.isdigit()] == ["0", "1", "2"]
    assert page.text.count("\n") == 2


def test_a_caption_stays_with_what_is_below_the_columns() -> None:
    rows = both(
        *(line(f"Item {n}", 50, 90 - 12 * n) for n in range(3)),
        line("wide line that crosses both of the columns above", 50, 102),
    )
    page = read(both(lines(*LEFT, y=250), lines(*RIGHT, x=220, y=250), line("Caption", 50, 118), rows))[0]

    assert page.text.index("market") < page.text.index("Caption") < page.text.index("wide line")


# -- letters


def test_a_word_parted_by_a_hyphen_is_whole_and_has_a_box_on_either_line() -> None:
    page = read(
        lines("The plan covers all green-", "house gases of the group", "and the greenhouse effect.")
    )[0]
    start = page.text.index("greenhouse")
    parts = [word for word in page.words if start <= word.start < start + len("greenhouse")]

    assert page.text.startswith("The plan covers all greenhouse gases of the group")
    assert [page.text[word.start : word.end] for word in parts] == ["green", "house"]
    assert parts[0].end == parts[1].start
    assert parts[0].box.y1 < parts[1].box.y1


def test_a_compound_keeps_its_hyphen_at_the_end_of_a_line() -> None:
    page = read(
        lines("We have set a long-term and", "a short-term goal for long-", "term change and more of it.")
    )[0]

    assert "long-term change" in page.text


def with_mark(text: str, mark: str, *, raised: float = 4) -> Draw:
    """A word with a smaller mark right behind it, drawn apart."""
    end = 50 + stringWidth(text, "Helvetica", 10)
    return both(line(text, 50, 200), line(mark, end, 200 + raised, size=6))


@pytest.mark.parametrize(
    ("raised", "expected"), [("1", "emissions¹"), ("2,3", "emissions²,³"), ("a", "emissionsᵃ")]
)
def test_a_raised_mark_is_written_as_a_superscript(raised: str, expected: str) -> None:
    page = read(both(with_mark("emissions", raised), line("of 2024", 140, 200)))[0]

    assert page.text.split()[0] == expected


def test_a_raised_mark_does_not_change_a_figure() -> None:
    page = read(with_mark("12,345", "2"))[0]

    assert page.text == "12,345²"


def test_a_lowered_digit_stays_a_digit() -> None:
    page = read(with_mark("tCO", "2", raised=-3))[0]

    assert page.text == "tCO2"


def test_ligatures_are_taken_apart() -> None:
    from esg.extract.pdf.spelling import spell

    assert spell("eﬃcient oﬀ ﬁeld ﬂow") == "efficient off field flow"


# -- blocks, furniture, labels


def report_page(number: int) -> Draw:
    return both(
        line("Acme Report 2024", 50, 280, size=8),
        line(f"Section {number} of the report", 50, 240, font="Helvetica-Bold", size=16),
        lines(*LEFT, y=210),
        line(str(number + 2), 380, 15, size=8),
    )


def test_running_heads_and_page_numbers_are_marked_and_labels_read() -> None:
    pages = read(*(report_page(number) for number in range(1, 6)))

    assert [page.label for page in pages] == ["3", "4", "5", "6", "7"]
    for page in pages:
        kinds = [(block.kind, text_of(page, block)) for block in page.blocks]
        assert kinds[0] == (BlockKind.HEADER, "Acme Report 2024")
        assert kinds[-1] == (BlockKind.FOOTER, page.label)
        assert kinds[1][0] is BlockKind.HEADING
        assert kinds[2] == (BlockKind.PARAGRAPH, " ".join(LEFT))


def test_heads_that_name_the_section_are_running_heads_too() -> None:
    names = ("Strategy", "Climate", "Water", "People")
    pages = read(*(both(report_page(i), line(name, 340, 280, size=8)) for i, name in enumerate(names, 1)))

    heads = [[text_of(page, b) for b in page.blocks if b.kind is BlockKind.HEADER] for page in pages]
    assert [set(head) for head in heads] == [{"Acme Report 2024", name} for name in names]


def test_the_labels_of_the_file_are_not_taken_for_printed_ones() -> None:
    pages = read(*[lines(*LEFT)] * 3)

    assert [page.label for page in pages] == ["", "", ""]


def test_list_items_are_blocks_of_their_own() -> None:
    items = ("• first point that is made here", "• second point", "• third point")
    page = read(lines("We do three things that matter:", *items))[0]

    assert [text_of(page, block) for block in page.blocks if block.kind is BlockKind.LIST] == list(items)


def test_metadata_is_what_the_file_says() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Sustainability Report 2024")
        canvas.setAuthor("Acme")

    found = read_metadata(pdf(draw))

    assert found["Title"] == "Sustainability Report 2024"
    assert found["Author"] == "Acme"


# -- legibility


def test_a_picture_without_words_has_no_text() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = ImageReader(Image.new("RGB", (40, 30), "navy"))
    pages = read(lambda canvas: canvas.drawImage(picture, 0, 0, 400, 300), lambda canvas: None)

    assert [page.legibility for page in pages] == [Legibility.NO_TEXT, Legibility.TEXT]
    assert [page.text for page in pages] == ["", ""]


def test_the_same_bytes_give_the_same_pages() -> None:
    data = pdf(*(report_page(number) for number in range(1, 4)))

    assert read_pdf(data, document_id="d", max_pages=9) == read_pdf(data, document_id="d", max_pages=9)
