"""The true watsonx.ai, with the account that IBM_WATSONX_* name: `make test-cloud`. It costs about a cent."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from esg.cli import doctor_watsonx
from esg.errors import Misconfigured, Rejected
from esg.resources import EMBEDDERS, open_watsonx
from esg.settings import Settings
from esg.watsonx import Session

SCHEMA = {
    "type": "object",
    "properties": {"validated": {"type": "boolean"}},
    "required": ["validated"],
    "additionalProperties": False,
}
MESSAGES = [
    {"role": "system", "content": "Answer in JSON: is the company's target validated?"},
    {"role": "user", "content": "Our target was validated by the Science Based Targets initiative in 2023."},
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESG_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("ESG_EMBEDDER", "watsonx")
        patch.setenv("ESG_JUDGE", "watsonx")
        patch.setenv("ESG_WATSONX_DAY_BUDGET_USD", "0.50")
        yield Settings()


@pytest.fixture(scope="module")
def session(settings: Settings) -> Session:
    return open_watsonx(settings)


def test_the_doctor_is_content(settings: Settings) -> None:
    ((_, check, _),) = doctor_watsonx.checks(settings)

    assert "models" in check()


def test_texts_that_mean_alike_are_near(settings: Settings) -> None:
    near, also, far = EMBEDDERS["watsonx"](settings).embed(
        ["We aim at net zero by 2040.", "Carbon neutrality is our goal for 2040.", "The canteen serves soup."]
    )

    assert near @ also > near @ far


def test_vectors_do_not_depend_on_their_neighbours(settings: Settings) -> None:
    """On the grid to which vectors are rounded; docs/operations/watsonx.md says what follows if not."""
    embedder = EMBEDDERS["watsonx"](settings)
    alone = embedder.embed(["Scope 1"])[0]

    np.testing.assert_allclose(embedder.embed(["water " * 200, "Scope 1"])[1], alone, atol=2e-4)


def test_our_count_of_tokens_keeps_within_the_model_s(settings: Settings) -> None:
    """Figures and foreign words are where tokenizers differ most."""
    embedder = EMBEDDERS["watsonx"](settings)
    for piece in ("1 170 000 tCO₂e\t", "Klimaneutralität ", "scope-1/2 (market-based) "):
        text = piece
        while len(embedder.tokenizer.offsets(text + piece)) + 2 <= embedder.max_tokens:
            text += piece
        assert embedder.embed([text]).shape == (1, embedder.dimensions)


def test_a_text_that_is_too_long_is_refused(settings: Settings, session: Session) -> None:
    with pytest.raises(Rejected):
        session.embed(
            ["emissions " * 2000],
            model=settings.watsonx_embedding_model,
            dimensions=settings.watsonx_embedding_dimensions,
        )


def test_a_chat_keeps_to_the_schema_and_repeats_itself(settings: Settings, session: Session) -> None:
    first, second = (
        session.chat(MESSAGES, model=settings.watsonx_chat_model, schema=SCHEMA, max_tokens=50)
        for _ in range(2)
    )

    assert first.content == second.content == {"validated": True}
    assert first.prompt_tokens > 0


def test_passages_are_ranked(settings: Settings, session: Session) -> None:
    texts = ["The canteen serves soup.", "Scope 1 emissions fell by 4 %."]

    soup, scope = session.rerank("Scope 1 emissions", texts, model=settings.watsonx_rerank_model)

    assert scope > soup


def test_a_wrong_key_is_told(settings: Settings, tmp_path: Path) -> None:
    wrong = Settings(home=tmp_path, watsonx_api_key="not-a-key")  # type: ignore[arg-type]

    with pytest.raises(Misconfigured, match="refuses the API key"):
        open_watsonx(wrong).models()
