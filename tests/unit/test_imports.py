"""What a process of the fleet loads at its start: each worker, its children and each command pay for it."""

import json
import subprocess
import sys

import pytest

START = "import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
FOR_THOSE_WHO_ASK = {"jsonschema", "onnxruntime", "duckdb", "flower", "mcp", "pandas"}


@pytest.mark.parametrize("module", ["workers.__main__", "esg.resources", "celeryconfig", "esg.cli"])
def test_a_start_loads_only_what_every_process_needs(module: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", START.format(module=module)], stdout=subprocess.PIPE, check=True
    )

    loaded = {name.partition(".")[0] for name in json.loads(told.stdout)}
    assert loaded & FOR_THOSE_WHO_ASK == set()
