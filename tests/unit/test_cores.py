"""How many processors a process may use."""

from pathlib import Path

import pytest

from esg.cores import cores


@pytest.mark.parametrize(
    ("told", "most"),
    [("max 100000", None), ("100000 100000", 1), ("50000 100000", 1), ("nonsense", None), ("", None)],
)
def test_a_container_has_the_processors_it_may_use(told: str, most: int | None, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(told)
    all_of_them = cores(tmp_path / "nowhere")

    assert cores(tmp_path) == (most or all_of_them)
