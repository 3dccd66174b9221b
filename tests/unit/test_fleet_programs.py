"""The programs of a fleet on one machine: who gives way to whom, and who is started first."""

from pathlib import Path

import pytest

from esg.cli.programs import fleet_programs
from esg.settings import Settings


@pytest.mark.parametrize(
    ("whole", "asked", "nice"), [(True, None, "5"), (False, None, "0"), (True, 0, "0"), (False, 12, "12")]
)
def test_workers_give_way_beside_an_api_alone_unless_told(
    tmp_path: Path, whole: bool, asked: int | None, nice: str
) -> None:
    settings = Settings(home=tmp_path, worker_nice=asked)

    programs = fleet_programs(settings, workers=2, whole=whole)

    given = {program.name: program.environment.get("ESG_WORKER_NICE") for program in programs}
    workers = {name: value for name, value in given.items() if name not in ("beat", "api", "flower")}
    assert set(workers.values()) == {nice}
    assert {given["beat"], given.get("api"), given.get("flower")} == {None}


def test_the_api_comes_before_all_others(tmp_path: Path) -> None:
    programs = fleet_programs(Settings(home=tmp_path), workers=1, whole=True)

    assert [program.name for program in programs] == [
        "api", "ingest", "embed", "index", "score", "control", "beat", "flower",
    ]  # fmt: skip
