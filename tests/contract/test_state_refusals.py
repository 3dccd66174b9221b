"""Dead letters of messages that were refused; on SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from esg.errors import Rejected
from esg.state import Refusal, State, refusals
from tests.fakes.little_fleet import Clock

REFUSAL = Refusal("ingest.document", "call-1", "0" * 64, 12, "message_unsigned", "It is not signed.", "w1")


def test_a_refused_message_is_a_dead_letter_with_what_is_known_of_it(state: State, clock: Clock) -> None:
    assert state.refuse_message(REFUSAL)
    clock.turn(5)
    assert state.refuse_message(replace(REFUSAL, worker="w2"))

    (letter,) = state.dead_letters()
    assert (letter.reason_code, letter.kind, letter.times, letter.worker) == (
        "message_unsigned", "rejected", 2, "w2",
    )  # fmt: skip
    assert letter.args == {"task": "ingest.document", "id": "call-1", "sha256": "0" * 64, "bytes": 12}
    assert letter.last_seen > letter.first_seen
    assert state.dispatch() == 0, "nothing is to be done about it"


def test_it_is_of_no_stage_run_that_a_message_could_name(state: State) -> None:
    state.submit("acme.pdf")
    (hint,) = (state.dispatch(), state.take_outbox())[1]

    state.refuse_message(replace(REFUSAL, message_id=hint.unit))

    assert state.claim(hint.unit, "w1") is not None
    assert state.dead_letters()[0].id != hint.unit


def test_it_is_not_tried_again_and_comes_back_when_it_is_sent_again(state: State) -> None:
    state.refuse_message(REFUSAL)
    (letter,) = state.dead_letters()

    with pytest.raises(Rejected, match="sent again"):
        state.retry_dead_letter(letter.id)
    state.drop_dead_letter(letter.id)
    assert state.dead_letters() == []
    state.refuse_message(REFUSAL)

    assert [found.id for found in state.dead_letters()] == [letter.id]


def test_who_floods_a_queue_does_not_fill_the_database(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST", 3)

    kept = [state.refuse_message(replace(REFUSAL, message_id=f"call-{n}")) for n in range(5)]

    assert kept == [True, True, True, False, False]
    assert state.refuse_message(replace(REFUSAL, message_id="call-0")), "what is known is still counted"
    assert len(state.dead_letters()) == 3
