"""Adapters by name: those of the house, and those of others."""

import shutil
from pathlib import Path

import pytest

from esg import errors
from esg.index.duckdb import DuckDBStore
from esg.index.memory import MemoryStore
from esg.resources import open_resources
from esg.rubric.read import DATA
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


# -- rubrics by key


@pytest.fixture
def own_rubric(tmp_path: Path) -> Path:
    """Make a rubric of one's own, like the shipped one."""
    return Path(shutil.copytree(DATA / "maturity", tmp_path / "mine"))


def test_a_shipped_rubric_is_known_by_its_id_and_version(tmp_path: Path) -> None:
    opened = open_resources(Settings(home=tmp_path))
    key = opened.rubric_key("maturity")

    assert key.startswith(f"maturity@{opened.rubric.version}-")
    assert opened.rubric_of(key) == opened.rubric


def test_ones_own_rubric_is_known_wherever_a_worker_runs(
    own_rubric: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(own_rubric.parent)
    key = open_resources(Settings(home=tmp_path)).rubric_key(own_rubric.name)
    monkeypatch.chdir("/")

    assert open_resources(Settings(home=tmp_path)).rubric_of(key).id == "maturity"


def test_a_changed_rubric_is_another_even_of_the_same_version(own_rubric: Path, tmp_path: Path) -> None:
    worker = open_resources(Settings(home=tmp_path))
    before = worker.rubric_key(str(own_rubric))
    head = own_rubric / "rubric.toml"
    head.write_text(head.read_text().replace("k = 24", "k = 12"))

    after = worker.rubric_key(str(own_rubric))

    assert after != before
    assert worker.rubric_of(after).k == 12
    with pytest.raises(errors.Rejected, match="changed"):
        open_resources(Settings(home=tmp_path)).rubric_of(before)


def test_a_rubric_that_cannot_be_used_is_refused_when_it_is_named(own_rubric: Path, tmp_path: Path) -> None:
    (own_rubric / "6-ei.toml").write_text("[[theme]]\ncode = 1\n")

    with pytest.raises(errors.Misconfigured, match="esg rubric check"):
        open_resources(Settings(home=tmp_path)).rubric_key(str(own_rubric))


def test_the_state_is_opened_without_loading_a_rubric(own_rubric: Path, tmp_path: Path) -> None:
    """A worker that neither submits nor scores has no use for a second of compiling patterns."""
    (own_rubric / "6-ei.toml").write_text("[[theme]]\ncode = 1\n")
    settings = Settings(home=tmp_path, rubric=str(own_rubric))

    resources = open_resources(settings)

    assert resources.state.policy.rubric.startswith(f"{own_rubric}@")
    with pytest.raises(errors.Misconfigured):
        resources.rubric_key(settings.rubric)
