"""The threat model's promises: every test that it names is there, and every kind of threat is thought of."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operations/threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| [STRIDE ]+ \|", line)]


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    assert name in named_in(path)


def test_each_threat_has_a_test() -> None:
    assert len(ROWS) > 30
    assert [row for row in ROWS if "::test_" not in row] == []


def test_each_kind_of_threat_is_thought_of() -> None:
    assert set("STRIDE") <= {letter for row in ROWS for letter in row.split("|")[1]}
