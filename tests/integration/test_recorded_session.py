"""The session over recorded answers: without a network and without credentials it gives what was recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from esg.score.chat.prompt import PROMPT_VERSION
from esg.watsonx import Account
from esg.watsonx.session import Watsonx
from tests.cloud import record
from tests.cloud.fixtures import FOLDER, NotRecorded, read
from tests.cloud.recording import Replay
from tests.servers.watsonx_peer import API_KEY

NOBODY = Account("https://nowhere.invalid", SecretStr("nobody's key"), "nobody's project")


@contextmanager
def replaying(folder: Path = FOLDER) -> Iterator[Watsonx]:
    session = Watsonx(NOBODY, through=lambda inner: Replay(folder))
    yield session
    session.close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the peer says today."""
    folder: Path = tmp_path_factory.mktemp("recorded")
    assert len(record.record_peer(folder)) == len(record.PURPOSES)
    return folder


@pytest.mark.parametrize("purpose", record.PURPOSES)
def test_what_is_recorded_is_replayed_the_same_each_time(purpose: str) -> None:
    with replaying() as once, replaying() as again:
        assert record.PURPOSES[purpose](once) == record.PURPOSES[purpose](again)


def test_a_replayed_answer_is_checked_like_any_other() -> None:
    with replaying() as session:
        judgement = record.judge(session, record.ORDER)

    met, planned = judgement.verdicts
    assert met.met
    assert not planned.met
    assert judgement.by.judge == f"watsonx:ibm/granite-4-h-small:p{PROMPT_VERSION}"
    assert judgement.by.proposals is not None


def test_the_peers_answers_in_the_repository_are_what_it_says_today(recorded: Path) -> None:
    """Else the peer or the prompt changed and nobody recorded it: python -m tests.cloud.record --from-peer"""
    kept = {name: body for name, (fixture, body) in read(FOLDER).items() if fixture.recorded_from == "peer"}

    today = {name: body for name, (_, body) in read(recorded).items()}

    assert kept.items() <= today.items()
    assert set(read(FOLDER)) == set(today)


def test_the_account_is_in_no_file(recorded: Path) -> None:
    files = [*FOLDER.iterdir(), *recorded.iterdir()]
    written = b"".join(path.read_bytes() for path in files)

    assert len(files) > 2 * len(record.PURPOSES)
    for secret in (API_KEY, "11111111-2222-3333-4444-555555555555", "access_token", "Bearer", "127.0.0.1"):
        assert secret.encode() not in written


def test_what_was_not_recorded_is_told_and_no_outage() -> None:
    """An outage would be answered by the local judge, and the test that wanted an answer would pass."""
    with replaying() as session, pytest.raises(NotRecorded, match="make record-cloud"):
        record.judge(session, "What nobody has asked about.")
