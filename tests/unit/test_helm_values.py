"""The chart's values against the code, without helm: `make check-helm` looks at what it renders."""

from pathlib import Path

import pytest
import yaml

import celeryconfig
from esg.state import QUEUES
from tasks.queues import QUEUE_OF

VALUES = yaml.safe_load((Path(__file__).parents[2] / "infra/helm/esg/values.yaml").read_text())


def test_the_chart_has_every_role() -> None:
    assert set(VALUES["roles"]) == set(QUEUES)


@pytest.mark.parametrize("role", QUEUES)
def test_a_pod_may_drain_as_long_as_its_longest_task_takes(role: str) -> None:
    longest = max(
        limits["time_limit"]
        for task, limits in celeryconfig.task_annotations.items()
        if QUEUE_OF[task] == role
    )

    assert VALUES["roles"][role]["drainSeconds"] == longest
    assert VALUES["graceSeconds"] >= 10
