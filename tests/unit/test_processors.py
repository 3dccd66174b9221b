"""A container's limit of processor time counts as much as the processors that there are."""

import os
from pathlib import Path

import pytest

from esg.processors import processors

BOUND = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ("max 100000\n", BOUND),
        ("50000 100000\n", 1),
        ("100000 100000\n", 1),
        ("6400000 100000\n", BOUND),
        ("nothing of the kind", BOUND),
    ],
)
def test_a_quota_lessens_what_there_is(told: str, count: int, tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text(told)

    assert processors(quota) == count


def test_without_a_quota_all_count(tmp_path: Path) -> None:
    assert processors(tmp_path / "cpu.max") == BOUND
