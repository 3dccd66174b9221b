"""`make` hands over a name as it is, whatever characters it may have, and installs what was locked alone."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "plain.pdf",
    "two words.pdf",
    'it\'s "quoted".pdf',
    "cost $HOME $(id) `id`.pdf",
    "https://a.example/r?a=1&b=#2",
]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_a_report_may_have_any_name(name: str, tmp_path: Path) -> None:
    esg = tmp_path / "esg"
    esg.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    esg.chmod(0o755)

    made = subprocess.run(
        ["make", "-s", "-o", "setup", "demo", f"BIN={tmp_path}", f"REPORT={name}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert made.stdout.splitlines() == ["demo", name]


def test_everything_that_is_installed_is_named_by_its_hash() -> None:
    for lock in ("requirements.lock", "requirements-stack.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
        named = [entry for entry in entries if re.match(r"[\w.-]+(\[.*\])?==", entry)]
        assert len(named) > 2
        assert [entry.partition(" ")[0] for entry in named if "--hash=sha256:" not in entry] == []
    installs = re.findall(r"pip (?:sync|install) .*\.lock", (ROOT / "Makefile").read_text())
    assert installs
    assert [line for line in installs if "--require-hashes" not in line] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_an_audit_that_can_ask_nobody_is_no_audit(tmp_path: Path) -> None:
    """A mirror without PyPI's JSON API: it says what was not done and where to do it, and fails."""
    made = subprocess.run(
        ["make", "-s", "-o", "setup", "audit", f"ADVISORIES=file://{tmp_path}/none"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode != 0
    assert "NOT AUDITED" in made.stdout
    assert "docs/operations/security.md#what-is-installed" in made.stdout
    assert "pip-audit" not in made.stderr
