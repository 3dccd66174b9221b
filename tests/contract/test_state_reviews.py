"""Reviews of analysts are kept as they were written; on SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from esg.domain import document_id
from esg.errors import NotFound
from esg.state import Kind, Review, State, Verdict, counting
from tests.fakes.little_fleet import LittleFleet

ACME = document_id(b"acme.pdf")
LEVEL = Review(ACME, Kind.LEVEL, "TSP", Verdict.CORRECT, "Ada", {"level": 2}, {"level": 3}, "dated <b>\0</b>")


@pytest.fixture
def state(fleet: LittleFleet) -> State:
    """A state that knows one document."""
    fleet.submit("acme.pdf")
    fleet.claim()
    return fleet.state


def test_a_review_is_kept_with_author_and_time(state: State, fleet: LittleFleet) -> None:
    state.review(LEVEL)

    (record,) = state.reviews(ACME)

    assert record.review == replace(LEVEL, note="dated <b>\N{REPLACEMENT CHARACTER}</b>")
    assert record.created_at == fleet.clock.now


def test_the_newest_review_of_a_thing_counts_and_the_others_stay(state: State) -> None:
    other = replace(LEVEL, subject="DM")
    later = replace(LEVEL, verdict=Verdict.ACCEPT, corrected={}, author="Grace")
    for review in (LEVEL, other, later):
        state.review(review)

    records = state.reviews()

    assert [r.review.author for r in records] == ["Grace", "Ada", "Ada"]
    assert {key[2]: r.review.author for key, r in counting(records).items()} == {"TSP": "Grace", "DM": "Ada"}
    assert len(state.reviews(limit=2)) == 2


def test_a_new_score_leaves_reviews_alone(state: State, fleet: LittleFleet) -> None:
    state.review(LEVEL)
    fleet.submit("acme.pdf", force=True)
    assert [r.review.subject for r in state.reviews(ACME)] == ["TSP"]


def test_only_what_is_known_can_be_reviewed(state: State) -> None:
    with pytest.raises(NotFound, match="no document"):
        state.review(replace(LEVEL, document_id="0" * 64))
