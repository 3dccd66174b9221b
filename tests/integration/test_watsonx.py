"""The session against a peer that speaks as watsonx.ai does, and goes wrong on demand."""

import logging
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
import trustme
from pydantic import SecretStr

from esg.domain import Vectors
from esg.errors import EsgError, Misconfigured, Rejected, Transient
from esg.tally import Tally
from esg.watsonx import Account, Patience, ProcessLimiter, Rates
from esg.watsonx.session import Watsonx
from tests.servers.watsonx_answers import DIMENSIONS, hashed
from tests.servers.watsonx_peer import Peer, serving

SLATE, GRANITE = "ibm/slate-30m-english-rtrvr-v2", "ibm/granite-4-h-small"
RANKER = "cross-encoder/ms-marco-minilm-l-12-v2"
SCHEMA = {
    "type": "object",
    "properties": {"met": {"type": "boolean"}},
    "required": ["met"],
    "additionalProperties": False,
}
ATTEMPTS = 2
PATIENCE = Patience(attempts=ATTEMPTS, seconds=30.0, attempt_seconds=20.0)
HASTE = replace(PATIENCE, attempt_seconds=1.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esg.watsonx.patience.BASE_SECONDS", 0.01)


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    with serving(tmp_path) as peer:
        peer.chat = lambda messages: {"met": True}
        yield peer


@pytest.fixture
def account(peer: Peer) -> Account:
    return account_of(peer)


@pytest.fixture
def session(account: Account) -> Iterator[Watsonx]:
    session = open_session(account)
    yield session
    session.close()


@pytest.fixture
def hasty(account: Account) -> Iterator[Watsonx]:
    """A session for faults that only the clock ends."""
    session = open_session(account, patience=HASTE)
    yield session
    session.close()


def account_of(peer: Peer) -> Account:
    return Account(peer.url, SecretStr(peer.api_key), peer.project_id, f"{peer.url}/identity/token", peer.ca)


def open_session(account: Account, *, tally: Tally | None = None, patience: Patience = PATIENCE) -> Watsonx:
    limiter = ProcessLimiter(Rates(requests_per_second=1000))
    return Watsonx(account, limiter=limiter, patience=patience, tally=tally)


def embed(session: Watsonx, *texts: str) -> Vectors:
    return session.embed(texts or ("Scope 1",), model=SLATE, dimensions=384)


def chat(session: Watsonx) -> object:
    messages = [{"role": "system", "content": "Judge."}, {"role": "user", "content": "We cut Scope 1."}]
    return session.chat(messages, model=GRANITE, schema=SCHEMA, max_tokens=50).content


# -- what it is for


@pytest.mark.parametrize("model", DIMENSIONS)
def test_it_embeds(session: Watsonx, peer: Peer, model: str) -> None:
    vectors = session.embed(["Scope 1", "net zero"], model=model, dimensions=DIMENSIONS[model])

    np.testing.assert_allclose(vectors, hashed(["Scope 1", "net zero"], DIMENSIONS[model]), atol=1e-6)
    assert (peer.count("token"), peer.count("embeddings")) == (1, 1)


def test_many_texts_are_one_request(session: Watsonx, peer: Peer) -> None:
    assert embed(session, *map(str, range(200))).shape == (200, 384)
    assert peer.count("embeddings") == 1


def test_nothing_is_asked_about_nothing(session: Watsonx, peer: Peer) -> None:
    assert session.embed([], model=SLATE, dimensions=384).shape == (0, 384)
    assert session.rerank("net zero", [], model=RANKER) == []
    assert peer.requests == []


def test_it_asks_for_json_of_a_schema_always_alike(session: Watsonx, peer: Peer) -> None:
    assert chat(session) == chat(session) == {"met": True}

    first, second = (request.body for request in peer.requests if request.endpoint == "chat")
    assert first == second
    assert first["temperature"] == 0
    assert first["response_format"]["json_schema"]["schema"] == SCHEMA


def test_it_gives_scores_in_the_order_of_the_texts(session: Watsonx) -> None:
    assert session.rerank("net zero target", ["water", "net zero", "a net zero target"], model=RANKER) == [
        0.0,
        2.0,
        3.0,
    ]


def test_it_lists_the_models(session: Watsonx) -> None:
    assert {SLATE, GRANITE, RANKER} <= set(session.models())


# -- faults: one request an attempt, whatever the SDK would do by itself

AGAIN = (
    "429",
    "429 after 1 s",
    "500",
    "503",
    "truncated",
    "malformed",
    "html",
    "empty",
    "missing vector",
    "nan",
    "zero",
    "huge",
    "text for numbers",
)


@pytest.mark.parametrize("fault", AGAIN)
def test_a_fault_is_met_with_another_attempt(session: Watsonx, peer: Peer, fault: str) -> None:
    peer.fail("embeddings", fault)

    np.testing.assert_allclose(embed(session, "net zero"), hashed(["net zero"], 384), atol=1e-6)
    assert peer.count("embeddings") == 2


@pytest.mark.parametrize("fault", [fault for fault in AGAIN if fault != "429 after 1 s"])
def test_a_fault_that_stays_is_transient_after_as_many_requests_as_attempts(
    session: Watsonx, peer: Peer, fault: str
) -> None:
    peer.always["embeddings"] = fault

    with pytest.raises(Transient, match="asked 2 of 2 times"):
        embed(session)
    assert peer.count("embeddings") == ATTEMPTS


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_no_attempt_outlasts_its_time(hasty: Watsonx, peer: Peer, fault: str) -> None:
    """A byte now and then keeps any timeout of silence from striking; all of them would take minutes."""
    peer.always["embeddings"] = fault

    with pytest.raises(Transient, match="in time"):
        embed(hasty)
    assert peer.count("embeddings") == ATTEMPTS

    peer.always.clear()
    assert embed(hasty).shape == (1, 384)


@pytest.mark.parametrize("fault", ["no JSON", "other schema", "cut off", "malformed", "empty", "503"])
def test_a_chat_that_does_not_keep_to_the_schema_is_asked_again(
    session: Watsonx, peer: Peer, fault: str
) -> None:
    peer.fail("chat", fault)
    assert chat(session) == {"met": True}
    assert peer.count("chat") == 2

    peer.always["chat"] = fault
    with pytest.raises(Transient):
        chat(session)
    assert peer.count("chat") == 2 + ATTEMPTS


def test_other_dimensions_are_a_wrong_setting(session: Watsonx, peer: Peer) -> None:
    with pytest.raises(Misconfigured, match="384 dimensions, not 768") as told:
        session.embed(["Scope 1"], model=SLATE, dimensions=768)
    assert "ESG_WATSONX_EMBEDDING_DIMENSIONS" in told.value.next_step
    assert peer.count("embeddings") == ATTEMPTS


def test_what_the_service_asks_for_is_waited(session: Watsonx, peer: Peer) -> None:
    peer.fail("embeddings", "429 after 1 s")

    embed(session)

    first, second = (request.arrived for request in peer.requests if request.endpoint == "embeddings")
    assert second - first >= 1.0


def test_a_wait_beyond_our_patience_is_left_to_the_task(session: Watsonx, peer: Peer) -> None:
    peer.fail("embeddings", "429 after 1 h")

    with pytest.raises(Transient) as told:
        embed(session)
    assert told.value.retry_after_seconds == 3600
    assert peer.count("embeddings") == 1


def test_a_text_that_is_too_long_is_refused_and_never_cut(session: Watsonx, peer: Peer) -> None:
    with pytest.raises(Rejected, match="invalid_input_argument"):
        embed(session, "word " * 600)
    assert peer.count("embeddings") == 1


def test_answers_never_reach_the_logs(session: Watsonx, peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer.chat = lambda messages: "our secret text"
    peer.fail("chat", "malformed", "malformed")

    with pytest.raises(Transient) as told:
        chat(session)
    assert "secret" not in caplog.text
    assert "secret" not in str(told.value)


# -- tokens, keys, models, certificates


def test_a_token_that_is_refused_is_renewed_once(session: Watsonx, peer: Peer) -> None:
    embed(session)
    peer.revoke_tokens()

    assert embed(session).shape == (1, 384)
    assert (peer.count("token"), peer.count("embeddings")) == (2, 3)


def test_threads_share_a_renewal(session: Watsonx, peer: Peer) -> None:
    embed(session)
    peer.revoke_tokens()

    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda text: embed(session, text)[0], map(str, range(24))))

    np.testing.assert_allclose(rows, hashed([str(i) for i in range(24)], 384), atol=1e-6)
    assert peer.count("token") == 2


def test_a_new_token_that_is_refused_too_is_a_matter_of_the_account(session: Watsonx, peer: Peer) -> None:
    peer.always["embeddings"] = "401"

    with pytest.raises(Misconfigured, match="refuses the token"):
        embed(session)
    assert (peer.count("token"), peer.count("embeddings")) == (2, 2)


@pytest.mark.parametrize("fault", ["429", "500", "503", "html", "empty", "truncated"])
def test_a_token_may_be_late(session: Watsonx, peer: Peer, fault: str) -> None:
    peer.fail("token", fault)

    assert embed(session).shape == (1, 384)
    assert (peer.count("token"), peer.count("embeddings")) == (2, 1)


@pytest.mark.parametrize(
    ("change", "why", "next_step"),
    [
        ({"api_key": SecretStr("stolen")}, "refuses the API key", "IBM_WATSONX_API_KEY"),
        ({"project_id": "none"}, "does not find the project", "IBM_WATSONX_PROJECT_ID"),
    ],
)
def test_a_wrong_setting_is_told_at_the_first_answer(
    account: Account, peer: Peer, change: dict[str, object], why: str, next_step: str
) -> None:
    session = open_session(replace(account, **change))

    with pytest.raises(Misconfigured, match=why) as told:
        embed(session)
    assert next_step in told.value.next_step
    assert "stolen" not in str(told.value)
    assert len(peer.requests) <= 2
    session.close()


def test_a_model_that_is_not_there_is_told_by_name(session: Watsonx, peer: Peer) -> None:
    with pytest.raises(Misconfigured, match="no model ibm/slate-9"):
        session.embed(["Scope 1"], model="ibm/slate-9", dimensions=384)
    assert peer.count("embeddings") == 1


def test_another_authority_is_not_trusted(
    account: Account, peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where the SDK's own variable says to verify nothing."""
    monkeypatch.setenv("WX_CLIENT_VERIFY_REQUESTS", "false")
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    for ca in (other, None):
        with pytest.raises(Misconfigured, match="certificate") as told:
            embed(open_session(replace(account, ca=ca)))
        assert "ESG_WATSONX_CA_BUNDLE" in told.value.next_step
    assert peer.requests == []


def test_a_certificate_that_has_expired_is_told(tmp_path: Path) -> None:
    with (
        serving(tmp_path, not_after=datetime.now(UTC) - timedelta(days=1)) as peer,
        pytest.raises(Misconfigured, match="expired"),
    ):
        embed(open_session(account_of(peer)))


def test_a_file_that_holds_no_certificate_is_told(account: Account, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")

    with pytest.raises(Misconfigured, match="no certificates"):
        embed(open_session(replace(account, ca=empty)))


def test_nobody_there_is_transient(account: Account) -> None:
    session = open_session(replace(account, url="https://127.0.0.1:9", token_url="https://127.0.0.1:9/x"))

    with pytest.raises(Transient, match="connection failed"):
        embed(session)


# -- processes


def _embed_many(session: Watsonx, prefix: str, out: Connection) -> None:
    texts = [f"{prefix} {i}" for i in range(40)]
    rows = [embed(session, text)[0] for text in texts]
    out.send(bool(np.allclose(rows, hashed(texts, 384), atol=1e-6)))


def test_a_forked_child_gets_its_own_answers(session: Watsonx, peer: Peer) -> None:
    """Over a connection of the parent's, answers of one went to the other."""
    embed(session)
    fork = multiprocessing.get_context("fork")
    pipes = [fork.Pipe(duplex=False) for _ in range(2)]
    children = [
        fork.Process(target=_embed_many, args=(session, f"child {i}", out))
        for i, (_, out) in enumerate(pipes)
    ]
    for child in children:
        child.start()
    texts = [f"parent {i}" for i in range(40)]
    rows = [embed(session, text)[0] for text in texts]
    for child in children:
        child.join(30)

    np.testing.assert_allclose(rows, hashed(texts, 384), atol=1e-6)
    assert [incoming.recv() for incoming, _ in pipes] == [True, True]
    assert peer.count("token") == 3


def _spawned(account: Account, out: Connection) -> None:
    _embed_many(open_session(account), "spawned", out)


def test_a_spawned_child_opens_its_own(account: Account) -> None:
    spawn = multiprocessing.get_context("spawn")
    incoming, out = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_spawned, args=(account, out))
    child.start()
    child.join(60)

    assert incoming.recv() is True


# -- what is counted


def test_every_attempt_is_counted_with_its_outcome(account: Account, peer: Peer) -> None:
    tally = Tally()
    session = open_session(account, tally=tally)
    peer.fail("embeddings", "429", "", "401", "", "nan")

    for _ in range(3):
        embed(session, "net zero")

    counts = tally.take()
    assert counts.requests == {
        ("embed", "throttled"): 1,
        ("embed", "ok"): 3,
        ("embed", "unauthorised"): 1,
        ("embed", "invalid"): 1,
    }
    assert len(counts.seconds["embed"]) == 6
    assert counts.tokens["embed", "read"] >= 3 * 4
    assert tally.take().requests == {}
    session.close()


@pytest.mark.parametrize("field", ["api_key", "project_id", "url"])
def test_what_is_not_set_is_told_by_its_name(account: Account, field: str) -> None:
    empty = SecretStr("") if field == "api_key" else ""

    with pytest.raises(Misconfigured, match=f"IBM_WATSONX_{field.upper()} is not set"):
        replace(account, **{field: empty})


def test_plain_http_is_refused(account: Account) -> None:
    with pytest.raises(EsgError, match="not encrypted"):
        replace(account, url="http://127.0.0.1:1")
