"""`scripts/setup-local.sh --compose` where there is no engine: what it asks of `docker`, in which order."""

import os
import stat
import subprocess
from pathlib import Path

import compose
import pytest

from tests.deploy.conftest import ROOT

DOCKER = """#!/bin/sh
# Stands for an engine: writes down what it is asked, lets Compose read files, makes secrets by `esg`.
echo "$*" >>"$ASKED"
case "$*" in
"version "*) echo "$ENGINE" ;;
"compose version "*) echo 2.40.1 ;;
"info "*) echo 16000000000 ;;
*" secrets create --to /secrets") exec "$ESG" secrets create --to "$ESG_SECRETS" ;;
*" keys create "*) echo esg_key_that_was_made ;;
"compose "*" config --quiet") shift && exec "$COMPOSE" "$@" ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def setup(folder: Path, *, engine: str = "28.1.0") -> subprocess.CompletedProcess[str]:
    variables = {
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "HOME": str(folder),
        "ASKED": str(folder / "asked"),
        "ENGINE": engine,
        "ESG": str(ROOT / ".venv/bin/esg"),
        "COMPOSE": f"{next(iter(compose.__path__))}/docker-compose",
        "ESG_ENV_FILE": str(folder / ".env.production"),
        "ESG_SECRETS": str(folder / "secrets"),
    }
    script = ROOT / "scripts/setup-local.sh"
    return subprocess.run(
        [script, "--compose"], env=variables, capture_output=True, text=True, timeout=120, check=False
    )


def test_from_nothing_to_a_fleet_that_answers(folder: Path) -> None:
    made = setup(folder)

    assert made.returncode == 0, made.stdout + made.stderr
    asked = (folder / "asked").read_text().splitlines()
    wanted = (
        "build",
        "secrets create",
        "redis postgres",
        "run --rm -T migrate",
        "create prometheus",
        "create operator",
        "exec -T api",
    )
    places = [next(i for i, line in enumerate(asked) if words in line) for words in wanted]
    assert places == sorted(places)
    assert asked[places[-1] - 2].endswith("up --detach --wait --wait-timeout 600")
    assert (folder / "secrets/operator_key").read_text() == "esg_key_that_was_made\n"
    assert (folder / ".env.production").read_text() == (ROOT / ".env.production.example").read_text()


def test_again_it_changes_nothing(folder: Path) -> None:
    setup(folder)
    before = {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()}
    (folder / ".env.production").write_text("ESG_LOG_LEVEL=DEBUG\n")
    (folder / "asked").unlink()

    assert setup(folder).returncode == 0
    assert {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()} == before
    assert (folder / ".env.production").read_text() == "ESG_LOG_LEVEL=DEBUG\n"
    assert "keys create" not in (folder / "asked").read_text()


def test_an_engine_that_is_too_old_is_told_and_nothing_is_begun(folder: Path) -> None:
    ended = setup(folder, engine="24.0.7")

    assert ended.returncode == 1
    assert "NO  a Docker engine, 25 or newer: it is 24.0.7" in ended.stdout
    assert "build" not in (folder / "asked").read_text()
    assert not (folder / "secrets").exists()
