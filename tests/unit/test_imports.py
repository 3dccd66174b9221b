"""What a process of the fleet loads at its start: each worker, its children and each command pay for it."""

import json
import subprocess
import sys

import pytest

START = "import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
SANDBOX = {"pyarrow.compute", "PIL", "email.message", "onnxruntime"}  # what none loads for letters alone
NOTHING_READ = "esg.extract.Extraction((), esg.domain.Identity('', None), '', '', '', ())"
HIDE_PANDAS = "from esg.extract.sandbox import zygote; sys.meta_path.insert(0, zygote._WithoutPandas)"
FOR_THOSE_WHO_ASK = {"jsonschema", "onnxruntime", "duckdb", "flower", "mcp", "pandas"}


def loaded_by(module: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", START.format(module=module)], stdout=subprocess.PIPE, check=True
    )
    return set(json.loads(told.stdout))


@pytest.mark.parametrize("module", ["workers.__main__", "esg.resources", "celeryconfig", "esg.cli"])
def test_a_start_loads_only_what_every_process_needs(module: str) -> None:
    assert {name.partition(".")[0] for name in loaded_by(module)} & FOR_THOSE_WHO_ASK == set()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("esg.celery, tasks.ingest, tasks.score", {"jinja2", "httpx", "pyarrow.compute", "PIL"}),
        ("esg.extract.pdf, esg.extract.codec", SANDBOX),
        (f"esg.extract.codec; {HIDE_PANDAS}; esg.extract.codec.encode({NOTHING_READ})", SANDBOX),
        ("api.app", {"mcp", "pandas"}),
    ],
)
def test_a_process_loads_only_what_it_uses(module: str, unwanted: set[str]) -> None:
    assert loaded_by(module) & unwanted == set()
