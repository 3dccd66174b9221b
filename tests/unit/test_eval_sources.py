"""`esg eval sources`: a chunk hits a passage when it holds enough of its words on the right page."""

import json
from pathlib import Path

import pytest

from esg.domain import Chunk, ChunkKind, Legibility, Page, Span, chunk_id
from esg.errors import Rejected
from esg.evaluate.sources import (
    OURS,
    Answered,
    Asked,
    Read,
    Source,
    covers,
    evaluate_sources,
    find_place,
    reachable,
    read_asked,
    summary,
)
from esg.retrieve import Question
from tests.fakes.letter_embedder import LetterEmbedder

DOCUMENT = "d" * 64


def make_page(number: int, text: str, label: str = "") -> Page:
    return Page(DOCUMENT, number, label, 100.0, 100.0, text, (), (), (), "en", Legibility.TEXT)


def make_chunk(page: Page, start: int = 0, end: int | None = None) -> Chunk:
    spans = (Span(page.number, start, len(page.text) if end is None else end),)
    text = page.text[start:end]
    return Chunk(chunk_id(DOCUMENT, spans, text), DOCUMENT, spans, text, 5, "", ChunkKind.PROSE)


PAGES = [
    make_page(1, "one two three four five six", "iv"),
    make_page(2, "one two three four five six", "2"),
    make_page(3, "seven eight nine"),
]


@pytest.mark.parametrize(
    ("end", "is_hit"),
    [(len("one two three"), True), (len("one two"), False)],
)
def test_sixty_percent_of_the_words_are_enough(end: int, is_hit: bool) -> None:
    assert covers(make_chunk(PAGES[0], end=end), "One, two, three four FIVE", PAGES[0]) is is_hit


def test_a_word_counts_as_often_as_it_is_there() -> None:
    assert not covers(make_chunk(PAGES[2]), "seven seven seven", PAGES[2])


def test_the_words_must_be_on_the_printed_page() -> None:
    chunks = [make_chunk(page) for page in PAGES]
    source = Source("one two three", "2", 3)

    assert find_place(source, chunks, PAGES) == 2
    assert find_place(Source("seven eight", "3", 1), chunks, PAGES) == 3  # nothing is printed there
    assert find_place(Source("one two", "1", 1), chunks, PAGES) == 0  # page 1 says iv


def test_recall_is_over_all_passages_and_unreachable_ones_are_missed() -> None:
    asked = Asked("r.pdf", Question("?"), (Source("a", "1", 1),) * 4)
    answers = [Answered(asked, (), (1, 6, 11, 0)), Answered(asked, (), (2, 3, 0, 0))]

    assert summary(answers) == {"recall_at_5": 3 / 8, "recall_at_10": 4 / 8}
    assert reachable(answers) == 5 / 8


def test_a_report_is_read_once_and_searched_as_the_product_does() -> None:
    embedder, opened = LetterEmbedder(), []
    chunks = [make_chunk(page) for page in PAGES]

    def read(name: str) -> Read:
        opened.append(name)
        return Read(PAGES, chunks, embedder.embed([chunk.text for chunk in chunks]))

    asked = Asked("r.pdf", Question("What about seven and eight?"), (Source("seven eight nine", "3", 3),))
    answers = evaluate_sources([asked, asked], read=read, embedder=embedder)

    assert opened == ["r.pdf"]
    assert [answered.places for answered in answers[OURS]] == [(1,), (1,)]


def test_labels_are_read(tmp_path: Path) -> None:
    source = {"text": "a b", "printed_page": 7, "relevance": 2, "from": "text"}
    line = {"report": "labelled/r.pdf", "query": "Does the company plan?", "sources": [source]}
    (tmp_path / "sources.jsonl").write_text(json.dumps(line), "utf-8")

    (asked,) = read_asked(tmp_path)

    assert asked == Asked("labelled/r.pdf", Question("Does the company plan?"), (Source("a b", "7", 2),))


def test_a_label_without_its_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources.jsonl").write_text('{"query": "?", "sources": []}', "utf-8")

    with pytest.raises(Rejected, match="report"):
        read_asked(tmp_path)
