"""Word documents → pages: what a reader of the printed document meets, where, and what nobody sees."""

import zipfile

import pytest

from esg.domain import BlockKind, Cell, Page
from esg.errors import Rejected
from esg.extract.docx import body, package, read_docx
from esg.extract.identity import About
from tests.fakes import word
from tests.fakes.in_order import words_ascend
from tests.fakes.word import in_cell, paragraph, run, table

BREAK = '<w:r><w:br w:type="page"/></w:r>'
RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"
SEEN = "We report what can be seen."
SECRET = "Our targets are validated."
WHITE = '<w:color w:val="FFFFFF"/>'
LETTERS = len(SECRET.replace(" ", ""))


def read(data: bytes) -> tuple[tuple[Page, ...], About]:
    return read_docx(data, document_id="d" * 64, max_pages=20)


def pages(*blocks: str, **parts: str) -> tuple[Page, ...]:
    return read(word.write("".join(blocks), **parts))[0]  # type: ignore[arg-type]  # texts all


def cells(page: Page) -> dict[str, Cell]:
    (found,) = page.tables
    return {page.text[cell.start : cell.end]: cell for row in found.rows for cell in row}


def texts(*blocks: str, **parts: str) -> list[str]:
    return [page.text for page in pages(*blocks, **parts)]


def test_paragraphs_headings_lists_and_captions_keep_their_kind() -> None:
    (page,) = pages(
        paragraph("Climate", style="H1"),
        paragraph("Targets", style="H2"),
        paragraph("Ours", style="Mine"),
        paragraph("Direct", properties='<w:outlineLvl w:val="2"/>'),
        paragraph("We ", run("cut", "<w:b/>"), " emissions & costs."),
        paragraph("Board oversight", style="Bullet"),
        paragraph("No bullet", style="Bullet", properties='<w:numPr><w:numId w:val="0"/></w:numPr>'),
        paragraph("Figure 1: emissions", style="Caption"),
    )

    heading = BlockKind.HEADING
    assert [(block.kind, page.text[block.start : block.end]) for block in page.blocks] == [
        (heading, "Climate"),
        (heading, "Targets"),
        (heading, "Ours"),
        (heading, "Direct"),
        (BlockKind.PARAGRAPH, "We cut emissions & costs."),
        (BlockKind.LIST, "Board oversight"),
        (BlockKind.PARAGRAPH, "No bullet"),
        (BlockKind.CAPTION, "Figure 1: emissions"),
    ]
    assert all(word.box.x1 > word.box.x0 for word in page.words)
    assert words_ascend(page)


@pytest.mark.parametrize("namespace", [word.TRANSITIONAL, word.STRICT])
def test_both_editions_of_the_format_are_read(namespace: str) -> None:
    assert texts(paragraph(SEEN), namespace=namespace) == [SEEN]


def test_tables_have_their_columns_and_headers() -> None:
    (page,) = pages(
        table(("Metric", "2022", "2023"), ("Scope 1, tCO2e", "13,000", "12,345"), header=True),
        paragraph(SEEN),
    )

    (found,) = [block for block in page.blocks if block.kind is BlockKind.TABLE]
    assert page.text[found.start : found.end] == "Metric\t2022\t2023\nScope 1, tCO2e\t13,000\t12,345"
    by_text = cells(page)
    assert by_text["12,345"].header == ("2023",)


def test_a_cell_may_span_columns_and_go_on_below() -> None:
    (page,) = pages(
        table(
            ("", in_cell("Emissions", '<w:gridSpan w:val="2"/>')),
            ("Year", "Scope 1", "Scope 2"),
            (in_cell("2023", '<w:vMerge w:val="restart"/>'), "12", "34"),
            (in_cell("<w:p/>", "<w:vMerge/>"), "56", "78"),
        )
    )

    by_text = cells(page)
    assert by_text["34"].header == ("Emissions", "Scope 2")
    assert by_text["78"].column == by_text["34"].column


def test_pages_end_where_word_and_the_author_ended_them() -> None:
    assert texts(
        paragraph("One."),
        paragraph(BREAK),
        paragraph(RENDERED, "Two."),
        paragraph("It goes", RENDERED, " on."),
        paragraph("Three."),
        paragraph("Four.", properties="<w:pageBreakBefore/>"),
    ) == ["One.", "Two.\nIt goes on.", "Three.", "Four."]


def test_sections_begin_as_their_own_properties_say() -> None:
    def section(kind: str) -> str:
        return f'<w:sectPr><w:type w:val="{kind}"/></w:sectPr>'

    assert texts(
        paragraph("One.", properties=section("nextPage")),
        paragraph("Still one.", properties=section("continuous")),
        paragraph("Two."),
        "<w:sectPr/>",
    ) == ["One.\nStill one.", "Two."]


def test_a_page_that_ends_within_a_table_ends_behind_it() -> None:
    assert texts(
        table(("a", "1"), (in_cell(paragraph(RENDERED, "b")), "2")),
        paragraph("Behind."),
    ) == ["a\t1\nb\t2", "Behind."]


def test_footnotes_stand_at_the_foot_of_the_page_that_refers_to_them() -> None:
    def mark(number: int) -> str:
        style = '<w:rPr><w:rStyle w:val="NoteMark"/></w:rPr>'
        return f'<w:r>{style}<w:footnoteReference w:id="{number}"/></w:r>'

    def note(number: int, text: str) -> str:
        own = '<w:r><w:rPr><w:rStyle w:val="NoteMark"/></w:rPr><w:footnoteRef/></w:r>'
        return f'<w:footnote w:id="{number}">{paragraph(own, text)}</w:footnote>'

    assert texts(
        paragraph("Ten tonnes", mark(7), "."),
        paragraph(BREAK),
        paragraph("Nine tonnes", mark(3), "."),
        footnotes=note(3, " Restated.") + note(7, " Market-based.") + note(8, " Never named."),
    ) == ["Ten tonnes¹.\n¹ Market-based.", "Nine tonnes².\n² Restated."]


def test_what_was_deleted_or_is_written_twice_is_read_as_it_is_printed() -> None:
    box = "<w:txbxContent>{}</w:txbxContent>".format(paragraph("In a box."))
    assert texts(
        paragraph(
            "We ",
            '<w:del w:id="1"><w:r><w:delText>never </w:delText></w:r></w:del>',
            f'<w:ins w:id="2">{run("always ")}</w:ins>',
            '<w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r><w:hyperlink w:anchor="a">',
            run("report"),
            "</w:hyperlink>",
            f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
            "</mc:AlternateContent></w:r>",
            ".",
        ),
        f"<w:sdt><w:sdtContent>{paragraph('Of a form.')}</w:sdtContent></w:sdt>",
    ) == ["We always report.\nIn a box.\nOf a form."]


def test_signs_that_are_no_text_of_a_run_are_read() -> None:
    assert texts(
        paragraph(
            run("Scope"),
            "<w:r><w:tab/></w:r>",
            run("1"),
            "<w:r><w:br/></w:r>",
            run("low"),
            "<w:r><w:noBreakHyphen/></w:r>",
            run("carbon "),
            '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
            "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
        )
    ) == ["Scope 1\nlow-carbon ✓x=1"]


@pytest.mark.parametrize(
    "properties",
    [
        "<w:vanish/>",
        '<w:rStyle w:val="Secret"/>',
        WHITE,
        '<w:color w:val="fefefe"/>',
        '<w:sz w:val="1"/>',
        '<w:color w:val="003366"/><w:shd w:val="clear" w:fill="003366"/>',
    ],
)
def test_what_nobody_sees_is_left_out_and_counted(properties: str) -> None:
    secret = run(SECRET, properties)
    for block in (paragraph(SEEN, secret), table(("a", "b"), ("1", in_cell(paragraph("2", secret))))):
        (page,) = pages(paragraph(SEEN), block)
        assert SECRET not in page.text
        assert page.hidden == LETTERS


@pytest.mark.parametrize(
    "block",
    [
        paragraph(run(SECRET, '<w:vanish w:val="0"/>')),
        paragraph(run(SECRET, '<w:color w:val="auto"/>')),
        paragraph(SECRET, style="Dark"),
        paragraph(run(SECRET, WHITE + '<w:highlight w:val="darkBlue"/>')),
        table(("a", in_cell(paragraph(run(SECRET, WHITE)), '<w:shd w:fill="003366"/>'))),
        table(
            ("a", in_cell(paragraph(run(SECRET, WHITE)))),
            properties='<w:tblStyle w:val="T"/>',
        ),
        paragraph(f"<w:r><w:txbxContent>{paragraph(run(SECRET, WHITE))}</w:txbxContent></w:r>"),
    ],
)
def test_what_is_seen_is_read(block: str) -> None:
    (page,) = pages(block)

    assert SECRET in page.text
    assert page.hidden == 0


def test_a_document_says_what_it_is_and_when_it_was_made() -> None:
    _, about = read(
        word.write(
            paragraph(SEEN), title="Acme <Report> 2023", author="Acme plc", made_on="2024-02-26T10:15:00Z"
        )
    )

    assert (about.title, about.author) == ("Acme <Report> 2023", "Acme plc")
    assert (about.created, about.made_on) == (2024, "2024-02-26")


def test_styles_that_are_based_on_each_other_end() -> None:
    assert texts(paragraph(SEEN, style="A"), paragraph(SEEN, style="gone")) == [f"{SEEN}\n{SEEN}"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (word.write("<w:p/>"), "no_text"),
        (word.write(paragraph(run(SECRET, "<w:vanish/>"))), "no_text"),
        (word.write(paragraph(SEEN))[:-30], "corrupt"),
        (word.write(paragraph(SEEN), document=b"<w:document>"), "corrupt"),
        (word.write(paragraph(SEEN), document=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "corrupt"),
        (word.write(paragraph(SEEN), document=b"\x00"), "corrupt"),
        (word.package({"word/document.xml": b"<a/>"}), "corrupt"),
        (word.write(paragraph(SEEN) + 30 * (paragraph(BREAK) + paragraph(SEEN))), "too_many_pages"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        read(data)

    assert refusal.value.code == code
    assert refusal.value.next_step


def test_an_encrypted_part_asks_for_a_password() -> None:
    data = bytearray(word.write(paragraph(SEEN), packed=zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)

    with pytest.raises(Rejected, match="password") as refusal:
        read(bytes(data))
    assert refusal.value.code == "encrypted"


def test_a_bomb_ends_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 100_000)

    with pytest.raises(Rejected, match="100,000 bytes"):
        pages(paragraph("a" * 200_000))


def test_depth_costs_no_recursion() -> None:
    assert texts("<w:sdt><w:p>" * 20_000, run(SEEN), "</w:p></w:sdt>" * 20_000) == [SEEN]


def test_tables_in_tables_end_at_the_limit() -> None:
    def nested(depth: int) -> str:
        return "<w:tbl><w:tr><w:tc>" * depth + paragraph(SEEN) + "</w:tc></w:tr></w:tbl>" * depth

    assert texts(nested(body.DEEPEST_TABLE)) == [SEEN]
    with pytest.raises(Rejected, match="50 deep"):
        texts(nested(body.DEEPEST_TABLE + 1))
