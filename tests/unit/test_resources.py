"""Adapters by name: those of the house, and those of others."""

from pathlib import Path

import pytest

from esg import errors
from esg.index.duckdb import DuckDBStore
from esg.index.memory import MemoryStore
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.letter_embedder import LetterEmbedder

LETTERS = "tests.fakes.letter_embedder:open_letters"


def test_a_setting_names_an_adapter_of_the_house(tmp_path: Path) -> None:
    opened = open_resources(Settings(home=tmp_path, vector_store="memory"))

    assert isinstance(opened.store, MemoryStore)
    assert isinstance(open_resources(Settings(home=tmp_path)).store, DuckDBStore)


def test_a_setting_names_an_adapter_from_elsewhere(tmp_path: Path) -> None:
    opened = open_resources(Settings(home=tmp_path, embedder=LETTERS))

    assert opened.embedder.id == LetterEmbedder.id
    assert opened.versions.embedder == LetterEmbedder.id
    assert opened.embedder.embed(["net zero"]).tobytes() == LetterEmbedder().embed(["net zero"]).tobytes()


def test_another_embedder_is_another_pipeline(tmp_path: Path) -> None:
    versions = {
        open_resources(Settings(home=tmp_path, embedder=name)).pipeline_version for name in ("local", LETTERS)
    }

    assert len(versions) == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("watson", "is 'watson', which is not known"),
        ("nowhere:open", "No module named 'nowhere'"),
        ("tests.fakes.letter_embedder:nothing", "no attribute 'nothing'"),
        ("tests.fakes.letter_embedder:", "which is not known"),
    ],
)
def test_an_unknown_adapter_is_named_with_the_choice(tmp_path: Path, name: str, why: str) -> None:
    opened = open_resources(Settings(home=tmp_path, embedder=name))

    with pytest.raises(errors.Misconfigured, match=why) as told:
        opened.embedder.embed([])
    assert "ESG_EMBEDDER" in str(told.value)
    assert "local" in told.value.next_step
