"""What the image copies onto its base, installed here by the Dockerfile's own script: it works, alone."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT
from tests.fakes.samples import SAMPLE

NOISE = 0.03  # of the size in the docs: wheels of other machines and days
IMAGE = Path(os.environ.get("IMAGE", ROOT / ".venv/image")).resolve()

pytestmark = pytest.mark.skipif(not (IMAGE / ".ready").is_file(), reason="needs `make check-deploy`")


def run(*command: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the image as in a container: nothing of this checkout, no proxy, no cache."""
    return subprocess.run(
        [IMAGE / "bin" / command[0], *command[1:]],
        cwd=home,
        env={"PATH": f"{IMAGE}/bin:/usr/bin:/bin", "ESG_HOME": str(home), "HF_HUB_OFFLINE": "1", **variables},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_it_scores_a_report_with_the_models_that_are_in_it(tmp_path: Path) -> None:
    out = tmp_path / "card.json"

    scored = run("esg", "score", "--local", str(SAMPLE), "--out", str(out), home=tmp_path)

    assert scored.returncode == 0, scored.stderr
    assert json.loads(out.read_text())["themes"]


@pytest.mark.parametrize(
    "module", ["psycopg", "cassandra", "pyiceberg", "ibm_watsonx_ai", "opentelemetry.sdk"]
)
def test_every_part_can_be_replaced_by_a_setting(module: str, tmp_path: Path) -> None:
    imported = run("python", "-W", "ignore", "-c", f"import {module}", home=tmp_path)

    assert imported.returncode == 0, imported.stderr


def test_its_processes_name_what_they_miss(tmp_path: Path) -> None:
    ended = run("python", "-m", "workers", "ingest", home=tmp_path, ESG_PRODUCTION="true")

    assert ended.returncode == 2
    assert "ESG_BROKER_URL: is missing" in ended.stderr
    assert "ESG_DATABASE_URL: is missing" in ended.stderr


def test_it_holds_nothing_to_develop_with() -> None:
    site = IMAGE / "lib/python3.11/site-packages"
    if not site.is_dir():
        (site,) = IMAGE.glob("lib/python3.*/site-packages")
    there = {path.name for path in site.iterdir()}

    assert not there & {"pytest", "mypy", "ruff", "pip", "uv", "playwright", "hypothesis"}
    assert not [path for path in site.rglob("tests") if path.is_dir()]
    assert {"esg", "tasks", "workers", "beat_schedule", "api", "celeryconfig.py"} <= there


def test_the_docs_tell_its_size() -> None:
    size = sum(path.lstat().st_size for path in (IMAGE / "lib").rglob("*") if path.is_file())
    told = re.search(
        r"\*\*(\d+) MB\*\* .*`make image-size`", (ROOT / "docs/operations/deploy.md").read_text()
    )

    assert told is not None
    assert int(told[1]) == pytest.approx(size / 1e6, rel=NOISE)


def test_its_bill_of_materials_lists_all_that_is_installed(tmp_path: Path) -> None:
    bill = tmp_path / "bill.json"
    command = [Path(sys.executable).with_name("cyclonedx-py"), "environment", "--validate", "-o", bill]
    subprocess.run([*command, IMAGE / "bin/python"], check=True, capture_output=True)
    listed = {(c["name"].lower(), c["version"]) for c in json.loads(bill.read_text())["components"]}

    ask = "import importlib.metadata as m; [print(d.name, d.version) for d in m.distributions()]"
    told = run("python", "-c", ask, home=tmp_path).stdout.splitlines()

    assert len(told) > 100
    assert {(name.lower(), version) for name, version in map(str.split, told)} == listed
