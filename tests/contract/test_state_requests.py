"""Requests under a key: the first one stays for a day; on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

from esg.state import State
from tests.fakes.little_fleet import Clock

HOURS = 3600


def test_a_request_is_known_by_its_key_and_caller(state: State) -> None:
    first = state.begin_request("a", "key", "f1")

    assert state.begin_request("a", "key", "f2") == first
    assert state.begin_request("b", "key", "f2").seed != first.seed
    assert (first.fingerprint, first.answer) == ("f1", None)


def test_the_first_answer_stays(state: State) -> None:
    state.begin_request("a", "key", "f1")

    assert state.answer_request("a", "key", {"job_id": "1"}) == {"job_id": "1"}
    assert state.answer_request("a", "key", {"job_id": "2"}) == {"job_id": "1"}
    assert state.begin_request("a", "key", "f1").answer == {"job_id": "1"}


def test_a_request_is_forgotten_after_a_day(state: State, clock: Clock) -> None:
    first = state.begin_request("a", "key", "f1")
    clock.turn(23 * HOURS)
    assert state.begin_request("a", "key", "f1") == first

    clock.turn(2 * HOURS)

    assert state.find_request("a", "key") is None
    assert state.begin_request("a", "key", "f2").fingerprint == "f2"


def test_of_many_at_once_one_begins(state: State) -> None:
    with ThreadPoolExecutor(8) as pool:
        known = list(pool.map(lambda n: state.begin_request("a", "key", f"f{n}"), range(8)))

    assert len(set(known)) == 1
