"""The codec loses nothing and repeats itself."""

import math
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.domain import (
    Block,
    BlockKind,
    Box,
    Cell,
    Dimension,
    Fact,
    Identity,
    Legibility,
    Page,
    Span,
    Table,
    Word,
)
from esg.extract import Extraction
from esg.extract.codec import decode, encode
from esg.extract.words import touching

numbers = st.floats(allow_nan=False, width=64)
offsets = st.integers(0, 2**31 - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
boxes = st.builds(Box, numbers, numbers, numbers, numbers)
words = st.builds(Word, offsets, offsets, boxes)
blocks = st.builds(Block, st.sampled_from(BlockKind), offsets, offsets, boxes, st.integers(0, 6))
cells = st.builds(
    Cell,
    *(st.integers(0, 1000),) * 2,
    *(offsets,) * 2,
    st.lists(texts, max_size=3).map(tuple),
)


def tuples(items: st.SearchStrategy[object], *, at_most: int = 4) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=at_most).map(tuple)


tables = st.builds(Table, offsets, offsets, texts, tuples(tuples(cells)))
pages = st.builds(
    Page,
    document_id=texts,
    number=st.integers(1, 10_000),
    label=texts,
    width=numbers,
    height=numbers,
    text=texts,
    words=tuples(words),
    blocks=tuples(blocks),
    tables=tuples(tables, at_most=2),
    language=st.sampled_from(["", "en", "de"]),
    legibility=st.sampled_from(Legibility),
)
facts = st.builds(
    Fact,
    **dict.fromkeys(
        ("concept", "namespace", "value", "decimals", "entity", "start", "end", "printed"), texts
    ),
    number=st.none() | numbers,
    is_nil=st.booleans(),
    dimensions=tuples(st.builds(Dimension, texts, texts)),
    unit=tuples(texts),
    per=tuples(texts),
    place=st.none(),
    flags=tuples(texts),
)
years = st.none() | st.integers(1900, 2100)
extractions = st.builds(
    Extraction,
    pages=tuples(pages),
    identity=st.builds(Identity, texts, years, st.booleans(), st.booleans()),
    title=texts,
    language=texts,
)


@settings(max_examples=60, deadline=None)
@given(extractions)
def test_what_was_encoded_is_decoded(extraction: Extraction) -> None:
    assert decode(encode(extraction)) == extraction


@settings(max_examples=15, deadline=None)
@given(extractions)
def test_the_same_extraction_gives_the_same_bytes(extraction: Extraction) -> None:
    data = encode(extraction)

    assert encode(extraction) == encode(decode(data)) == data


def test_the_types_of_nouns_survive() -> None:
    page = Page(
        "d" * 64,
        1,
        "iv",
        612.0,
        792.0,
        "Head\na\tb",
        (Word(0, 4, Box(0.1, 0.2, 0.3, math.pi)),),
        (Block(BlockKind.HEADING, 0, 4, Box(0, 0, 1, 1), 2),),
        (Table(5, 8, "c", ((Cell(0, 0, 5, 6), Cell(0, 1, 7, 8, ("h", "i"))),)),),
        "en",
        Legibility.GARBLED,
    )

    (read,) = decode(encode(Extraction((page,), Identity("Acme", None, True, False), "t", "en"))).pages

    assert isinstance(read.words[0], Word)
    assert isinstance(read.words[0].box, Box)
    assert isinstance(read.words[0].start, int)
    assert read.words[0].box.y1 == math.pi
    assert read.blocks[0].kind is BlockKind.HEADING
    assert read.legibility is Legibility.GARBLED
    assert isinstance(read.tables[0].rows[0][1], Cell)
    assert read.tables[0].rows[0][1].header == ("h", "i")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=12), st.integers(0, 60), st.data())
def test_decoded_words_are_found_by_place_and_number_as_others(
    lengths: list[tuple[int, int]], start: int, data: st.DataObject
) -> None:
    words, at = list[Word](), 0
    for length, gap in lengths:
        words.append(Word(at, at + length, Box(at, 0.5, at + length, 9.0)))
        at += length + gap
    page = Page("d", 1, "", 1.0, 2.0, " " * at, tuple(words), (), (), "", Legibility.TEXT)
    (read,) = decode(encode(Extraction((page,), Identity("", None), "", ""))).pages
    end = start + data.draw(st.integers(1, 20))
    part = data.draw(st.slices(len(words)))

    found = tuple(touching(read.words, start, end))

    assert found == tuple(w for w in words if w.end > start and w.start < end)
    assert found == tuple(touching(page.words, start, end))
    assert all(isinstance(word.box, Box) for word in found)
    assert read.words[part] == page.words[part]
    assert [read.words[place] for place in range(len(words))] == list(read.words) == words


def test_the_bytes_are_parquet_a_row_a_page() -> None:
    page = Page("d", 7, "", 1.0, 2.0, "text", (), (), (), "", Legibility.TEXT)

    table = pq.read_table(pa.BufferReader(encode(Extraction((page,), Identity("", None), "", ""))))

    assert table.select(["number", "text"]).to_pylist() == [{"number": 7, "text": "text"}]


def test_other_parquet_is_no_extraction() -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1]}), sink)

    with pytest.raises(ValueError, match="no extraction"):
        decode(bytes(sink.getvalue()))


@settings(max_examples=60, deadline=None)
@given(pages, pages, st.lists(facts, max_size=4), st.data())
def test_facts_stay_with_their_pages(
    first: Page, second: Page, tagged: list[Fact], data: st.DataObject
) -> None:
    read = (replace(first, number=1), replace(second, number=2))
    places = sorted(data.draw(st.lists(st.integers(0, 2), min_size=len(tagged), max_size=len(tagged))))
    placed = tuple(
        replace(fact, place=Span(page, 3, 7) if page else None)
        for fact, page in zip(tagged, places, strict=True)
    )
    extraction = Extraction(read, Identity("Acme", 2024), "t", "en", facts=placed)

    assert decode(encode(extraction)) == extraction
