"""What every embedding provider promises: those of the house, and the one that ESG_EMBEDDER names."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.chunk import chunk
from esg.embed import Embedder
from esg.resources import EMBEDDERS, find_opener
from esg.settings import Settings
from tests.conftest import MakePage

TEXTS = (
    "",
    "Scope 1",
    "We cut Scope 1 and 2 emissions by 42 % against our 2019 base year.",
    "The board reviewed climate risk twice; the audit committee checked the figures.",
    "Unser Ziel ist Klimaneutralität bis 2040, einschließlich der Lieferkette.",
    "範疇一排放量為 1,234 公噸二氧化碳當量。",
    "Energy use\t1 170 000\tMWh\n" * 3,
)
NAMES = dict.fromkeys((*EMBEDDERS, "tests.fakes.letter_embedder:open_letters", Settings().embedder))


@pytest.fixture(params=NAMES, scope="module")
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "watsonx":
        request.getfixturevalue("watsonx_peer")
    return find_opener(EMBEDDERS, request.param, setting="ESG_EMBEDDER")(Settings())


def test_vectors_are_unit_rows_of_the_stated_length(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors[1:5], axis=1), 1, atol=1e-6)
    assert np.isfinite(vectors).all()


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_another_opening_gives_the_same_id_and_bits(
    embedder: Embedder, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["embedder"]
    other = find_opener(EMBEDDERS, name, setting="ESG_EMBEDDER")(Settings())

    assert other.id == embedder.id
    assert embedder.id
    assert other.embed(TEXTS).tobytes() == embedder.embed(TEXTS).tobytes()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8))
def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder, texts: list[str]) -> None:
    alone = {text: embedder.embed([text])[0].tobytes() for text in set(texts)}

    assert [row.tobytes() for row in embedder.embed(texts)] == [alone[text] for text in texts]


def test_shuffled_batches_give_the_same_bits(embedder: Embedder) -> None:
    expected = dict(zip(TEXTS, embedder.embed(TEXTS), strict=True))

    for order in itertools.islice(itertools.permutations(TEXTS), 0, None, 1201):
        for batch in (order[:3], order[3:]):
            vectors = embedder.embed(batch)
            assert all((expected[text] == row).all() for text, row in zip(batch, vectors, strict=True))


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_lie_in_the_text_one_after_the_other(embedder: Embedder, text: str) -> None:
    offsets = embedder.tokenizer.offsets(text)

    assert all(0 <= start < end <= len(text) for start, end in offsets)
    assert offsets == sorted(offsets)
    assert bool(offsets) == bool(text)


def test_chunks_by_its_tokens_are_taken_whole(embedder: Embedder, make_page: MakePage) -> None:
    """The cutter counts with the tokenizer, the model with its own: both must mean the same."""
    sentences = " ".join(f"In {2000 + i} we cut Scope 1 by {i} %, to 1 170 t CO₂e." for i in range(80))
    rows = "\n".join(f"Scope {i}\t{i} 170 000\ttCO₂e" for i in range(60))
    pages = [make_page(f"# Climate\n\n{sentences}\n\n{rows}")]

    chunks = chunk(pages, tokenizer=embedder.tokenizer, max_tokens=min(256, embedder.max_tokens))

    assert len(chunks) > 3
    assert embedder.embed([c.text for c in chunks]).shape == (len(chunks), embedder.dimensions)


def test_a_text_that_is_too_long_is_an_error_and_never_cut(embedder: Embedder) -> None:
    with pytest.raises(ValueError, match="tokens"):
        embedder.embed(["Scope 1", "word " * (embedder.max_tokens + 1)])
