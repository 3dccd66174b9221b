"""API keys in the state: found by their text alone, revoked at once, used to the minute."""

import pytest

from esg import tokens
from esg.errors import NotFound, Rejected
from esg.state import KeyScope, State
from esg.state.schema import api_keys
from tests.fakes.little_fleet import Clock

READ, SUBMIT = KeyScope.READ, KeyScope.SUBMIT


def test_a_key_is_found_by_its_text(state: State) -> None:
    key, text = state.create_key("Ann", scopes=[SUBMIT, READ], tenant="acme", rate_per_minute=60)

    found = state.key_holder(text)

    assert found is not None
    assert (found.id, found.name, found.tenant, found.rate_per_minute) == (key.id, "Ann", "acme", 60)
    assert found.scopes == {READ, SUBMIT}


def test_the_text_is_kept_nowhere(state: State) -> None:
    _, text = state.create_key("Ann", scopes=[READ])
    with state.engine.connect() as connection:
        (row,) = connection.execute(api_keys.select()).all()

    secret = text.rpartition("_")[2]
    assert len(secret) * 4 == 256
    assert not any(secret in str(value) for value in row)
    assert row.sha256 == tokens.digest(text)


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text[:-4] + "0000"])
def test_any_other_text_is_no_key(state: State, change: object) -> None:
    _, text = state.create_key("Ann", scopes=[READ])

    assert state.key_holder(change(text)) is None  # type: ignore[operator]
    assert state.key_holder("") is None


def test_a_secret_opens_only_with_its_own_id(state: State) -> None:
    (_, first), (second, _) = (state.create_key(name, scopes=[READ]) for name in ("Ann", "Ben"))

    assert state.key_holder(f"esg_{second.id}_{first.rpartition('_')[2]}") is None


def test_a_revoked_key_opens_nothing_and_stays_listed(state: State, clock: Clock) -> None:
    key, text = state.create_key("Ann", scopes=[READ])
    revoked = state.revoke_key(key.id)
    clock.turn(60)

    assert state.key_holder(text) is None
    assert state.revoke_key(key.id).revoked_at == revoked.revoked_at is not None
    assert [listed.id for listed in state.api_keys()] == [key.id]
    assert not state.has_key()
    with pytest.raises(NotFound):
        state.revoke_key("nobody")


def test_a_use_is_written_at_most_once_a_minute(state: State, clock: Clock) -> None:
    _, text = state.create_key("Ann", scopes=[READ])
    seen = []
    for _ in range(4):
        state.key_holder(text)
        seen.append(state.api_keys()[0].used_at)
        clock.turn(40)

    assert len(set(seen)) == 2
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize("tenant", ["public", "", "Acme", "a:b", "a b", "-a", "a" * 41])
def test_a_tenant_has_a_plain_name(state: State, tenant: str) -> None:
    with pytest.raises(Rejected, match="cannot be called"):
        state.create_key("Ann", scopes=[READ], tenant=tenant)
