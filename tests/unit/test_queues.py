"""A queue is one row in each table that speaks of queues; none is forgotten."""

import importlib
import re
from pathlib import Path

import yaml

import celeryconfig
from esg.cli.progress import SHARE
from esg.schedule.table import ENTRIES
from esg.state import QUEUES
from esg.state.flow import TASKS, Stage
from tasks import queues
from tasks.flows import ADMISSIONS
from workers.roles import ROLES

ROOT = Path(__file__).parents[2]


def test_the_tables_speak_of_the_same_queues() -> None:
    assert tuple(queue.name for queue in queues.QUEUES) == QUEUES
    assert tuple(ROLES) == QUEUES
    assert [queue for role in ROLES.values() for queue in role.queues] == list(QUEUES)


def test_every_role_has_its_service_and_is_scraped() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    prometheus = yaml.safe_load((ROOT / "infra/prometheus/prometheus.yml").read_text())
    (workers,) = (job for job in prometheus["scrape_configs"] if job["job_name"] == "workers")

    assert set(re.findall(r"command: \[workers, (\w+)\]", compose)) == {*ROLES, "beat"}
    assert workers["dns_sd_configs"][0]["names"] == [*(f"worker-{role}" for role in ROLES), "beat"]


def test_a_worker_imports_the_tasks_of_every_queue() -> None:
    assert {f"tasks.{queue}" for queue in QUEUES} <= set(celeryconfig.imports)


def test_what_is_admitted_is_a_task_with_a_queue() -> None:
    assert set(ADMISSIONS) <= set(queues.QUEUE_OF)


def test_every_stage_of_the_flow_has_its_task_its_queue_and_its_share_of_the_bar() -> None:
    assert list(TASKS) == list(Stage)
    assert {stage: queues.QUEUE_OF[task] for stage, task in TASKS.items()} == {s: s for s in Stage}
    assert set(SHARE) == {"", *Stage}


def test_what_the_clock_opens_is_a_task_with_a_queue() -> None:
    assert {entry.task for entry in ENTRIES} <= set(queues.QUEUE_OF)


def test_every_task_of_the_table_exists_and_no_other() -> None:
    from esg.celery import app

    for module in (module for module in celeryconfig.imports if module.startswith("tasks.")):
        importlib.import_module(module)

    ours = {name for name, task in app.tasks.items() if task.__module__.startswith("tasks.")}
    assert ours == set(queues.QUEUE_OF)
