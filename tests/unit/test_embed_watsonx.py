"""The embedder of watsonx.ai: what one request holds, what is counted, what a spent budget means."""

from collections.abc import Sequence

import numpy as np
import pytest

from esg.domain import Vectors
from esg.embed.watsonx import MAX_INPUTS, MAX_REQUEST_TOKENS, WatsonxEmbedder
from esg.errors import BudgetSpent, Rejected
from esg.watsonx import Answer


class Echo:
    """A session whose vectors tell how long a text is; it says what it was told to raise."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[list[str]] = []
        self.error = error

    def embed(self, texts: Sequence[str], *, model: str, dimensions: int) -> Vectors:
        if self.error:
            raise self.error
        self.asked.append(list(texts))
        return np.array([[1.0 + len(text), *[0.5] * (dimensions - 1)] for text in texts], np.float32)

    def chat(self, *_: object, **__: object) -> Answer:
        raise AssertionError("an embedder does not chat")

    def rerank(self, *_: object, **__: object) -> list[float]:
        raise AssertionError("an embedder does not rank")

    def models(self) -> list[str]:
        return []


def embedder_of(session: Echo, *, max_tokens: int = 256) -> WatsonxEmbedder:
    return WatsonxEmbedder(lambda: session, model="ibm/slate", dimensions=4, max_tokens=max_tokens)


def test_its_id_names_the_model_and_the_dimensions() -> None:
    assert embedder_of(Echo()).id == "watsonx:ibm/slate-4"


def test_a_request_has_no_more_inputs_than_the_service_takes() -> None:
    session = Echo()
    texts = [f"text {i}" for i in range(2 * MAX_INPUTS + 1)]

    vectors = embedder_of(session).embed(texts)

    assert [len(batch) for batch in session.asked] == [MAX_INPUTS, MAX_INPUTS, 1]
    assert [text for batch in session.asked for text in batch] == texts
    assert vectors.shape == (len(texts), 4)


def test_a_request_has_no_more_tokens_than_one_may_lose() -> None:
    session = Echo()
    texts = ["word " * 250] * 300

    embedder_of(session).embed(texts)

    sizes = [sum(len(text) / 3 + 2 for text in batch) for batch in session.asked]
    assert len(sizes) > 1
    assert max(sizes) <= MAX_REQUEST_TOKENS + 1


def test_blank_texts_are_not_sent() -> None:
    session = Echo()

    vectors = embedder_of(session).embed(["", "net zero", " \n"])

    assert session.asked == [["net zero"]]
    assert [bool(row.any()) for row in vectors] == [False, True, False]


def test_no_unknown_word_hides_its_length() -> None:
    """WordPiece makes one token of a word that it does not know, other tokenizers many."""
    tokens = embedder_of(Echo()).tokenizer.offsets("ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ word")

    assert len(tokens) == 15
    assert tokens[-1] == (15, 19)


def test_a_text_that_is_too_long_never_leaves() -> None:
    session = Echo()

    with pytest.raises(ValueError, match="a text of 12 tokens"):
        embedder_of(session, max_tokens=10).embed(["word " * 10])
    assert session.asked == []


def test_a_spent_budget_of_the_document_is_the_end_of_it() -> None:
    spent = BudgetSpent("This document's budget is spent.", next_step="Raise it.")

    with pytest.raises(Rejected, match="budget is spent") as told:
        embedder_of(Echo(spent)).embed(["net zero"])
    assert (told.value.code, told.value.next_step) == ("budget_spent", "Raise it.")


def test_a_spent_day_is_waited_out() -> None:
    spent = BudgetSpent("Today's budget is spent.", retry_after_seconds=100)

    with pytest.raises(BudgetSpent):
        embedder_of(Echo(spent)).embed(["net zero"])


def test_a_refused_text_names_the_setting() -> None:
    refused = Rejected("It is too long.", code="watsonx_refused")

    with pytest.raises(Rejected) as told:
        embedder_of(Echo(refused)).embed(["net zero"])
    assert "ESG_WATSONX_MAX_TOKENS" in told.value.next_step
