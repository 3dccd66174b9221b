"""Chunks: exact spans, within a section, within the token limit, nothing left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.chunk import chunk
from esg.domain import Block, BlockKind, Box, Cell, Chunk, ChunkKind, Legibility, Page, Table
from esg.embed.wordpiece import WordPieceTokenizer

NOWHERE = Box(0, 0, 1, 1)
TOKENIZER = WordPieceTokenizer()

Line = tuple[BlockKind, str] | tuple[BlockKind, str, int]


def page(number: int, *lines: Line, headers: int = 0) -> Page:
    """Make a page of blocks; the first `headers` rows of its tables head the columns."""
    blocks, tables, text = [], [], ""
    for kind, content, *level in lines:
        text += "\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(content), NOWHERE, level[0] if level else 0))
        if kind is BlockKind.TABLE:
            tables.append(table(content, len(text), headers))
        text += content
    return Page(
        document_id="d" * 64,
        number=number,
        label="",
        width=595,
        height=842,
        text=text,
        words=(),
        blocks=tuple(blocks),
        tables=tuple(tables),
        language="en",
        legibility=Legibility.TEXT,
    )


def table(content: str, start: int, headers: int) -> Table:
    rows, place = [], start
    for number, row in enumerate(content.split("\n")):
        cells = []
        for column, cell in enumerate(row.split("\t")):
            path = ("Unit",) if number >= headers and headers else ()
            cells.append(Cell(number, column, place, place + len(cell), path))
            place += len(cell) + 1
        rows.append(tuple(cells))
    return Table(start, start + len(content), "", tuple(rows))


def heading(text: str, level: int = 1) -> Line:
    return (BlockKind.HEADING, text, level)


def paragraph(text: str) -> Line:
    return (BlockKind.PARAGRAPH, text)


def chunks(*pages: Page, max_tokens: int = 256) -> list[Chunk]:
    return chunk(pages, tokenizer=TOKENIZER, max_tokens=max_tokens)


def texts(*pages: Page, max_tokens: int = 256) -> list[str]:
    return [c.text for c in chunks(*pages, max_tokens=max_tokens)]


def sentence(words: int, end: str = ".") -> str:
    return "We" + " save" * (words - 1) + end


# -- sections


def test_a_chunk_begins_with_its_heading_and_ends_before_the_next() -> None:
    one = page(1, heading("Climate"), paragraph("We act."), heading("Water"), paragraph("We save."))

    assert texts(one) == ["Climate\nWe act.", "Water\nWe save."]
    assert [c.section for c in chunks(one)] == ["Climate", "Water"]


def test_the_section_is_the_path_of_headings_and_goes_on_over_pages() -> None:
    pages = (
        page(1, heading("Climate", 1), heading("Targets", 2), paragraph("Net  zero.")),
        page(2, paragraph("By 2040 we are there."), heading("Scope 3", 3), paragraph("Ours.")),
        page(3, heading("Risks", 2), paragraph("Some.")),
    )

    assert [c.section for c in chunks(*pages)] == [
        "Climate > Targets",
        "Climate > Targets > Scope 3",
        "Climate > Risks",
    ]


def test_headings_in_a_row_stay_with_what_follows() -> None:
    one = page(1, heading("Report 2023", 1), heading("Climate", 1), paragraph("We act."))

    assert texts(one) == ["Report 2023\nClimate\nWe act."]


def test_a_heading_at_the_end_is_not_lost() -> None:
    assert texts(page(1, paragraph("We act."), heading("Net zero by 2040"))) == [
        "We act.",
        "Net zero by 2040",
    ]


# -- what is never in a chunk, and what stands apart


def test_running_headers_and_footers_are_in_no_chunk() -> None:
    one = page(
        1,
        (BlockKind.HEADER, "Acme report"),
        paragraph("We act."),
        (BlockKind.FOOTER, "Page 3"),
    )

    assert texts(one) == ["We act."]


def test_a_paragraph_goes_on_over_a_footer_and_a_header_in_two_spans() -> None:
    pages = (
        page(1, paragraph("We cut emissions by"), (BlockKind.FOOTER, "1")),
        page(2, (BlockKind.HEADER, "Acme"), paragraph("half since 2019.")),
    )
    (only,) = chunks(*pages)

    assert only.text == "We cut emissions by\nhalf since 2019."
    assert [(s.page, s.start, s.end) for s in only.spans] == [(1, 0, 19), (2, 5, 21)]


def test_a_page_ends_a_chunk_where_no_paragraph_goes_on() -> None:
    first, second = sentence(60), sentence(60)

    assert texts(page(1, paragraph(first)), page(2, paragraph(second))) == [first, second]


def test_a_fragment_at_the_end_of_a_page_goes_with_the_next() -> None:
    assert texts(page(1, paragraph("Short.")), page(2, paragraph("Also short."))) == ["Short.\nAlso short."]


def test_a_fragment_at_the_end_of_a_section_goes_with_the_page_before() -> None:
    long = sentence(60)
    pages = (page(1, paragraph(long)), page(2, paragraph("The end."), heading("Water")))

    assert texts(*pages) == [f"{long}\nThe end.", "Water"]


def test_footnotes_stand_apart_from_the_paragraph_they_interrupt() -> None:
    pages = (
        page(1, paragraph("We cut emissions by"), (BlockKind.FOOTNOTE, "1 Market-based.")),
        page(2, paragraph("half since 2019.")),
    )

    assert texts(*pages) == ["We cut emissions by\nhalf since 2019.", "1 Market-based."]


@pytest.mark.parametrize("legibility", [Legibility.NO_TEXT, Legibility.GARBLED])
def test_a_page_that_cannot_be_read_gives_nothing(legibility: Legibility) -> None:
    assert chunks(replace(page(1, paragraph("xqz")), legibility=legibility)) == []


def test_no_pages_give_no_chunks() -> None:
    assert chunks() == chunks(page(1)) == []


# -- the limit


def test_paragraphs_stay_whole_where_they_fit() -> None:
    blocks = [sentence(99), sentence(99), " ".join([sentence(49)] * 3), sentence(59)]

    assert texts(page(1, *map(paragraph, blocks))) == ["\n".join(blocks[:2]), "\n".join(blocks[2:])]


def test_a_long_paragraph_is_parted_between_sentences() -> None:
    found = texts(page(1, paragraph(" ".join([sentence(49)] * 8))))

    assert found == [" ".join([sentence(49)] * 5), " ".join([sentence(49)] * 3)]


def test_the_rest_of_a_section_is_not_left_as_a_fragment() -> None:
    found = chunks(page(1, paragraph(" ".join([sentence(24)] * 11))))

    assert [c.tokens for c in found] == [125, 150]


def test_a_sentence_that_is_too_long_is_cut_at_a_clause() -> None:
    clause = "we" + " save" * 30 + ","
    found = texts(page(1, paragraph(" ".join([clause] * 12))))

    assert all(text.endswith(",") for text in found)
    assert len(found) == 2


def test_a_sentence_without_borders_is_cut_at_a_token() -> None:
    found = chunks(page(1, paragraph("碳" * 600)))

    assert [c.tokens for c in found] == [254, 254, 92]


def test_tokens_are_those_of_the_text_without_markers() -> None:
    (only,) = chunks(page(1, paragraph("CO2e fell.")))

    assert only.tokens == len(TOKENIZER.offsets("CO2e fell.")) == len(TOKENIZER.encode("CO2e fell.")) - 2


# -- tables


def rows(count: int) -> str:
    return "\n".join(f"Scope {i}\ttonnes CO2e\t{i * 1000}\t{i * 900}" for i in range(count))


def test_a_table_is_a_chunk_of_its_own_after_its_caption() -> None:
    one = page(
        1,
        heading("Data"),
        paragraph("See below."),
        (BlockKind.CAPTION, "Table 1: Emissions"),
        (BlockKind.TABLE, "Item\tUnit\nScope 1\tt"),
        paragraph("More."),
        headers=1,
    )

    assert [(c.kind, c.text) for c in chunks(one)] == [
        (ChunkKind.PROSE, "Data\nSee below."),
        (ChunkKind.TABLE, "Table 1: Emissions\nItem\tUnit\nScope 1\tt"),
        (ChunkKind.PROSE, "More."),
    ]


def test_a_long_table_is_parted_between_rows_and_repeats_its_headers() -> None:
    head = "Indicator\tUnit\t2023\t2022"
    one = page(1, heading("Data"), (BlockKind.TABLE, f"{head}\n{rows(40)}"), headers=1)
    found = chunks(one)

    assert len(found) > 1
    assert found[0].text.startswith(f"Data\n{head}\nScope 0\t")
    assert all(c.text.startswith(f"{head}\nScope ") for c in found[1:])
    assert [line for c in found for line in c.text.split("\n")[1:] if line.startswith("Scope")] == rows(
        40
    ).split("\n")


def test_headers_that_would_fill_the_chunk_are_not_repeated() -> None:
    head = "\t".join(f"Indicator {i}" for i in range(70))
    found = texts(page(1, (BlockKind.TABLE, f"{head}\n{rows(40)}"), headers=1))

    assert sum(head in text for text in found) == 1


def test_a_table_without_headers_is_rows_alone() -> None:
    assert texts(page(1, (BlockKind.TABLE, "a\tb\nc\td"))) == ["a\tb\nc\td"]


# -- any document


KINDS = st.sampled_from(list(BlockKind))
CONTENT = st.lists(
    st.sampled_from(["We save energy.", "Scope 1\t12\t13", "and so on", "碳排放。", "x" * 130, "a, b; c"]),
    min_size=1,
    max_size=40,
)


@st.composite
def documents(draw: st.DrawFn) -> list[Page]:
    pages = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        blocks = draw(st.lists(st.tuples(KINDS, CONTENT, st.integers(1, 3)), max_size=5))
        lines: Sequence[Line] = [
            (kind, ("\n" if kind is BlockKind.TABLE else " ").join(parts), level)
            for kind, parts, level in blocks
        ]
        pages.append(page(number, *lines, headers=draw(st.integers(0, 1))))
    return pages


@settings(max_examples=60, deadline=None)
@given(documents(), st.sampled_from([16, 64, 256]))
def test_chunks_of_any_document_keep_their_promises(pages: list[Page], max_tokens: int) -> None:
    found = chunks(*pages, max_tokens=max_tokens)
    texts_by_page = {p.number: p.text for p in pages}

    for c in found:
        assert c.text == "\n".join(texts_by_page[s.page][s.start : s.end] for s in c.spans)
        assert 0 < c.tokens == len(TOKENIZER.encode(c.text)) - 2 <= max_tokens - 2
        assert _is_after_its_headings(c, pages)
    assert len({c.id for c in found}) == len(found)
    assert found == chunks(*pages, max_tokens=max_tokens)
    _assert_cover(found, pages)


def _is_after_its_headings(c: Chunk, pages: list[Page]) -> bool:
    """Say whether no heading follows other text within the chunk."""
    order = [
        block.kind is BlockKind.HEADING
        for p in pages
        for block in p.blocks
        for s in c.spans
        if s.page == p.number and s.start < block.end and block.start < s.end
    ]
    return order == sorted(order, reverse=True)


def _assert_cover(found: list[Chunk], pages: list[Page]) -> None:
    """Every letter outside running headers is in a chunk; only a table's lead is in several."""
    seen = Counter((s.page, i) for c in found for s in c.spans for i in range(s.start, s.end))
    for p in pages:
        for number, block in enumerate(p.blocks):
            places = [i for i in range(block.start, block.end) if not p.text[i].isspace()]
            counts = {seen[p.number, i] for i in places}
            if block.kind in (BlockKind.HEADER, BlockKind.FOOTER):
                assert counts <= {0}, number
            elif block.kind in (BlockKind.TABLE, BlockKind.CAPTION):
                assert 0 not in counts
            else:
                assert counts <= {1}
