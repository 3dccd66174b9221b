"""The chart's values against the code, without helm: `make check-helm` looks at what it renders."""

import re
from pathlib import Path

import pytest
import yaml

import celeryconfig
from esg.state import QUEUES
from tasks.queues import QUEUE_OF

ROOT = Path(__file__).parents[2]
VALUES = yaml.safe_load((ROOT / "infra/helm/esg/values.yaml").read_text())


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


def test_the_stores_of_the_page_are_let_through_as_they_are_written_there() -> None:
    page = (ROOT / "docs/operations/kubernetes.md").read_text()
    written = {int(port) for port in re.findall(r"from-literal=ESG_\w+_URL=\S+:(\d+)/", page)}

    assert written == {5432, 6380}
    assert written <= {port for store in VALUES["networkPolicies"]["stores"] for port in store["ports"]}
