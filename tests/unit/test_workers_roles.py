"""The table of roles, the command lines it becomes, and what Celery is configured to."""

from pathlib import Path

import pytest

import celeryconfig
from esg.settings import VISIBILITY_TIMEOUT_SECONDS
from tasks.queues import QUEUES
from workers.presence import Presence, is_alive
from workers.roles import ROLES, options


@pytest.mark.parametrize("role", ROLES)
def test_a_role_becomes_a_worker_of_its_queues_without_chatter(role: str) -> None:
    made = options(role, node="one@here")

    assert (made["hostname"], made["queues"]) == ("one@here", ",".join(ROLES[role].queues))
    assert all(made[silence] for silence in ("quiet", "without_gossip", "without_mingle"))


def test_events_are_on_where_flower_has_something_to_show() -> None:
    assert {name for name in ROLES if options(name, node="x")["task_events"]} == set(ROLES) - {"control"}


def test_twice_as_many_score_where_the_judge_is_remote() -> None:
    local, remote = (options("score", node="x", judge=judge) for judge in ("local", "watsonx"))

    assert remote == local | {"concurrency": 2 * ROLES["score"].concurrency}
    assert remote["pool_cls"] == "prefork"
    assert options("ingest", node="x", judge="watsonx") == options("ingest", node="x")


def test_no_task_outlives_half_the_visibility_timeout() -> None:
    """Else it would be delivered again while it runs (FLEET §0.4)."""
    limits = celeryconfig.task_annotations.values()

    assert all(2 * limit["time_limit"] < VISIBILITY_TIMEOUT_SECONDS for limit in limits)
    assert all(limit["soft_time_limit"] < limit["time_limit"] for limit in limits)
    assert set(celeryconfig.task_annotations) == {task for queue in QUEUES for task in queue.tasks}


def test_every_queue_has_its_own_exchange_and_key() -> None:
    """A bare queue takes the default ones, and every message goes to every queue (FACTS, trap 3)."""
    declared = {(q.name, q.exchange.name, q.routing_key) for q in celeryconfig.task_queues}

    assert declared == {(q.name, q.name, q.name) for q in QUEUES}
    assert celeryconfig.task_create_missing_queues is False


def test_the_settings_that_halve_or_double_work_are_as_measured() -> None:
    assert celeryconfig.worker_eta_task_limit is None  # FLEET §0.8
    assert celeryconfig.worker_proc_alive_timeout >= 60  # §0.6
    assert celeryconfig.broker_transport_options["unacked_restore_throttle"] == 1  # §0.3
    assert "retry_on_timeout" not in celeryconfig.broker_transport_options  # it switches batches off
    assert (celeryconfig.task_acks_late, celeryconfig.task_reject_on_worker_lost) == (True, True)


def test_a_worker_shows_which_of_its_children_are_ready(tmp_path: Path) -> None:
    presence = Presence(tmp_path, "one@host")
    presence.begin()

    presence.child_is_ready()
    presence.touch("child-999999999")  # one that died without a word

    (ready,) = presence.children()
    assert is_alive(ready)
    assert not (presence.folder / "child-999999999").exists()
