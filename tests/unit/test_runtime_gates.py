"""`scripts/runtime_gates.sh` takes no limit that is no number: as text nearly all would be within it."""

import os
import subprocess
from pathlib import Path

import pytest

GATES = Path(__file__).resolve().parents[2] / "scripts" / "runtime_gates.sh"
NOBODY = "http://127.0.0.1:9"


def gates(**variables: str) -> "subprocess.CompletedProcess[str]":
    asked = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_URL"}
    return subprocess.run([GATES], env=asked | variables, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("limit", ["900s", "1,5", "-1", "many"])
def test_a_limit_that_is_no_number_is_refused_before_anything_is_asked(limit: str) -> None:
    told = gates(PROMETHEUS_URL=NOBODY, GATE_QUEUE_AGE_SECONDS=limit)

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == f"GATE_QUEUE_AGE_SECONDS is no number: {limit}\n"


def test_without_an_address_nothing_is_known() -> None:
    told = gates()

    assert told.returncode == 2
    assert told.stderr.startswith("say where Prometheus is: PROMETHEUS_URL=")
