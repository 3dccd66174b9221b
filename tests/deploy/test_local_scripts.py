"""`scripts/setup-local.sh` and `scripts/test-local.sh` on processes: from nothing to a fleet that works."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT

pytestmark = pytest.mark.timeout(900)


def run(script: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    own = {"ESG_HOME": str(home), "ESG_WORKER_NICE": "0"}
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **own, **variables}
    return subprocess.run(
        [ROOT / script], env=environment, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    try:
        made = run("scripts/setup-local.sh", folder)
        assert made.returncode == 0, made.stdout + made.stderr
        yield folder
    finally:
        subprocess.run(
            [ROOT / ".venv/bin/esg", "down"], env={**os.environ, "ESG_HOME": str(folder)}, check=True
        )


def test_every_service_and_every_path_works(home: Path) -> None:
    asked = run("scripts/test-local.sh", home)

    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert (found := re.search(r"^(\d+) passed, 0 failed$", asked.stdout, re.M))
    assert int(found[1]) == len(re.findall(r"^ok  ", asked.stdout, re.M)) >= 40


def test_the_secrets_of_the_folder_are_in_force(home: Path) -> None:
    assert not (home / "flower.password").exists()
    assert (home / "secrets/flower_password").stat().st_mode & 0o777 == 0o444


def test_to_set_up_again_changes_nothing(home: Path) -> None:
    before = (home / "up.json").read_bytes()

    again = run("scripts/setup-local.sh", home)

    assert again.returncode == 0, again.stdout + again.stderr
    assert "a fleet is up already" in again.stdout
    assert (home / "up.json").read_bytes() == before


def test_what_does_not_work_is_named_and_counted(home: Path) -> None:
    asked = run("scripts/test-local.sh", home, SAMPLE="/nowhere.pdf")

    assert asked.returncode == 1
    assert "failed: API: it takes a report" in asked.stdout
    assert asked.stdout.splitlines()[-1].endswith(" passed, 1 failed")


def test_without_a_fleet_it_fails(tmp_path: Path) -> None:
    asked = run("scripts/test-local.sh", tmp_path)

    assert asked.returncode == 1
    assert asked.stdout.splitlines()[-1] == "0 passed, 1 failed"
