"""The command line as a user runs it: a process of its own over a home."""

import os
import subprocess
import sys
from pathlib import Path

ESG = "from esg.cli import main; main()"


def esg(home: Path, *arguments: str, code: int = 0, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run `esg` and insist on its exit code."""
    return python(home, ESG, *arguments, code=code, **variables)


def python(
    home: Path, script: str, *arguments: str, code: int = 0, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run a script with the home and the variables in its environment and insist on its exit code."""
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment(home) | variables, capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert ran.returncode == code, ran.stderr
    return ran


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "ESG_HOME": str(home)}
