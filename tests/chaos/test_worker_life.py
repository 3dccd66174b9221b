"""How a worker drains, hangs, recycles its children: its task is finished or given back, once."""

import os
import signal
import sqlite3
import time

from esg.schedule.table import ENTRIES
from tests.fakes.fleets import Fleet


def test_a_draining_worker_gives_back_what_takes_too_long(bare_fleet: Fleet) -> None:
    """It exits cleanly in time, and the task is not counted as lost."""
    bare_fleet.start("index")
    unit, fault = bare_fleet.probe("long", "stall")
    bare_fleet.until_met(fault)

    started = time.monotonic()
    bare_fleet.workers["index"].send(signal.SIGTERM)
    assert bare_fleet.workers["index"].process.wait(30) == 0
    assert time.monotonic() - started >= bare_fleet.settings.drain_seconds

    given_back = bare_fleet.unit(unit)
    assert given_back["state"] in ("pending", "queued")
    assert (given_back["lost"], given_back["retries"]) == (0, 0)

    bare_fleet.start("index")
    done = bare_fleet.until_state(unit, "done")
    assert (done["attempts"], done["lost"], done["retries"]) == (2, 0, 0)


def test_a_draining_worker_finishes_what_ends_in_time(bare_fleet: Fleet) -> None:
    bare_fleet.start("index", ESG_DRAIN_SECONDS="30")
    unit, fault = bare_fleet.probe("short", "stall")
    bare_fleet.until_met(fault)

    bare_fleet.workers["index"].send(signal.SIGTERM)
    (fault / "go").touch()

    assert bare_fleet.workers["index"].process.wait(30) == 0
    assert bare_fleet.unit(unit)["state"] == "done"
    assert bare_fleet.unit(unit)["attempts"] == 1


def test_time_limits_end_a_task_and_another_worker_tries_again(bare_fleet: Fleet) -> None:
    """At the soft limit the body is told, and the retry is counted; at the hard one its process is killed."""
    bare_fleet.start("index", ESG_TEST_SOFT_SECONDS="1", ESG_TEST_HARD_SECONDS="3")
    slow, _ = bare_fleet.probe("slow", "stall")
    assert bare_fleet.until_state(slow, "done")["retries"] == 1

    deaf, _ = bare_fleet.probe("deaf", "hang")
    assert bare_fleet.until_state(deaf, "done")["lost"] == 1


def test_a_worker_that_was_stopped_for_long_writes_nothing_when_it_goes_on(bare_fleet: Fleet) -> None:
    """Its lease ran out and another has done its task: the fence refuses what it brings."""
    bare_fleet.start("index", "index-2")
    unit, fault = bare_fleet.probe("gray", "stall")
    child, parent = bare_fleet.until_met(fault)
    _freeze(bare_fleet, child, parent)

    done = bare_fleet.until_state(unit, "done")
    (fault / "go").touch()
    for pid in (parent, child):
        os.kill(pid, signal.SIGCONT)

    log = next(w.log for w in bare_fleet.workers.values() if w.process.pid == parent)
    bare_fleet.until(lambda: '"outcome": "fenced"' in log.read_text(), "the fence to refuse")
    assert bare_fleet.unit(unit) == done
    assert (done["lost"], done["attempts"]) == (1, 2)


def _freeze(fleet: Fleet, *pids: int) -> None:
    """Stop processes between two transactions: one stopped within would keep SQLite's only write lock."""
    while True:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        if _can_write(fleet):
            return
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)


def _can_write(fleet: Fleet) -> bool:
    connection = sqlite3.connect(fleet.home / "state.sqlite", timeout=1, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_a_child_that_warms_up_slowly_replaces_a_dead_one(bare_fleet: Fleet) -> None:
    """Celery gives a child four seconds unless told otherwise, and then kills it for ever (FLEET §0.6)."""
    bare_fleet.start("index", ESG_TEST_WARM_UP_SECONDS="5")
    unit, _ = bare_fleet.probe("deadly", "segfault")

    done = bare_fleet.until_state(unit, "done")

    assert (done["lost"], done["attempts"]) == (1, 2)
    assert "Timed out waiting for UP" not in bare_fleet.workers["index"].log.read_text()


def test_two_beats_run_a_night_once(bare_fleet: Fleet) -> None:
    """Both were away at two in the night, so it is due when they come: once, whoever asks."""
    others = [f"[{entry.name}]\nis_on = false" for entry in ENTRIES if entry.name != "nightly"]
    (bare_fleet.home / "schedule.toml").write_text("\n".join(others))
    schedule = str(bare_fleet.home / "schedule.toml")
    bare_fleet.start(
        "control", "score", "beat-1", "beat-2", ESG_TEST_CLOCK_SECONDS="0.5", ESG_SCHEDULE=schedule
    )

    def have_fired() -> bool:
        logs = [bare_fleet.workers[name].log.read_text() for name in ("beat-1", "beat-2")]
        return all(log.count("Sending due task clock") >= 3 for log in logs)

    bare_fleet.until(have_fired, "both beats to fire three times")
    bare_fleet.until(lambda: bare_fleet.count("stage_runs", state="done") == 1, "the night to be done")

    assert bare_fleet.count("stage_runs", task="score.nightly") == 1
    assert bare_fleet.count("schedule_fires") == 1
    assert bare_fleet.state.fired()["nightly"].succeeded_at
