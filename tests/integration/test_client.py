"""`esg.client` against the live API, and the command line that uses it when ESG_API_URL is set."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.client import ApiProblem, Client, Unreachable
from esg.domain import document_id
from esg.errors import Misconfigured
from esg.settings import Settings
from tests.fakes.serving import SAMPLE, serving
from tests.fakes.workshop import work_off

WHOSE = ("--company", "Quernlow", "--year", "2024")
DOCUMENT = document_id(SAMPLE.read_bytes())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    """An API that knows the sample."""
    with serving(Settings(home=home)) as http, Client(str(http.base_url)) as client:
        job = client.submit(SAMPLE, company="Quernlow", year=2024)
        worker = threading.Thread(target=work_off, args=(home,))
        worker.start()
        seen: list[dict[str, Any]] = []
        ended = client.wait(job["job_id"], timeout_seconds=200, on_progress=seen.append)
        worker.join()
        assert (ended["state"], ended["document_id"]) == ("scored", DOCUMENT)
        assert seen[-1] == ended
        yield str(http.base_url)


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    with Client(url, attempts=2) as client:
        yield client


def test_what_is_sent_twice_under_a_key_is_one_job(client: Client) -> None:
    said: dict[str, Any] = {"company": "Quernlow", "year": 2024, "idempotency_key": "mine"}
    first, again = (client.submit(SAMPLE, **said) for _ in range(2))
    assert first == again
    assert client.wait(first["job_id"])["reused"] is True


def test_everything_can_be_read(client: Client) -> None:
    card = client.scorecard(DOCUMENT)
    quote = card["evidence"][0]

    assert card["document"]["company"] == "Quernlow"
    assert client.company_scorecard("quernlow", 2024) == card
    assert [one["scorecard"] for one in client.compare(["Quernlow"])] == [card]
    assert client.document(DOCUMENT)["state"] == "scored"
    assert [document["id"] for document in client.documents(company="quernlow")] == [DOCUMENT]
    assert [company["slug"] for company in client.companies()] == ["quernlow"]
    assert client.search("energy", k=3, company="Quernlow")[0]["document_id"] == DOCUMENT
    assert client.page_png(DOCUMENT, quote["page"], quote["id"]).startswith(b"\x89PNG")
    assert client.rendered(DOCUMENT, "csv").startswith(b"\xef\xbb\xbf")


def test_lists_are_walked_to_their_end(client: Client) -> None:
    sent = [client.submit(f"https://example.com/{n}.pdf")["job_id"] for n in range(5)]

    assert [job["id"] for job in client.jobs(state="queued", limit=2)] == sent[::-1]
    for job in sent:
        assert client.cancel(job)["state"] == "cancelled"
        assert [event.name for event in client.events(job)] == ["end"]


def test_a_refusal_is_an_exception_with_its_problem(client: Client, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"GIF89a")

    with pytest.raises(ApiProblem, match="looks like") as refused:
        client.submit(picture)
    assert (refused.value.status, refused.value.code) == (415, "unsupported_type")
    assert refused.value.document["instance"] == "/v1/documents"
    with pytest.raises(ApiProblem) as missing:
        next(client.events("nobody"))
    assert missing.value.status == 404


def test_nobody_there_is_told() -> None:
    with Client("http://127.0.0.1:9", attempts=1) as client, pytest.raises(Unreachable, match="ESG_API_URL"):
        client.job("x")


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.com", "http://", "http://example.com:x", " "])
def test_what_is_no_address_is_told_at_once(url: str) -> None:
    with pytest.raises(Misconfigured, match="ESG_API_URL"):
        Client(url)


@pytest.mark.parametrize("key", ["clé", "two\nlines"])
def test_what_is_no_key_is_told_without_it(key: str) -> None:
    with pytest.raises(Misconfigured, match="ESG_API_KEY") as refused:
        Client("http://127.0.0.1:9", key=key)
    assert key not in str(refused.value)


def test_a_wait_has_an_end(client: Client) -> None:
    job = client.submit("https://example.com/slow.pdf")["job_id"]
    with pytest.raises(TimeoutError, match="not over"):
        client.wait(job, timeout_seconds=0)
    client.cancel(job)


# -- the command line


@pytest.fixture
def elsewhere(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that knows nothing: all that is told comes from the API."""
    monkeypatch.setenv("ESG_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("ESG_API_URL", url)
    return tmp_path


def run(*arguments: str, code: int = 0) -> Any:
    done = CliRunner().invoke(main, [*arguments, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_commands_ask_the_api(client: Client, elsewhere: Path) -> None:
    card = client.scorecard(DOCUMENT)

    (scored,) = run("score", str(SAMPLE), *WHOSE)
    assert (scored["state"], scored["reused"], scored["scorecard"]) == ("scored", True, card)
    assert run("scorecard", "Quernlow") == run("scorecard", DOCUMENT[:12]) == card
    assert run("compare", "quernlow") == [card]
    assert run("search", "energy", "-k", "2")[0]["document_id"] == DOCUMENT
    newest = run("status", "--limit", "3")
    assert (len(newest), newest[0]["state"]) == (3, "scored")
    assert run("status", newest[0]["id"]) == newest[0]
    assert not (elsewhere / "empty" / "state.sqlite").exists()


def test_commands_tell_what_the_api_refuses(elsewhere: Path) -> None:
    picture = elsewhere / "picture.png"
    picture.write_bytes(b"GIF89a")

    (refused,) = run("score", str(picture), code=1)

    assert refused["state"] == "rejected"
    assert "looks like" in refused["reason"]


def test_a_scorecard_of_the_api_is_written_to_a_file(client: Client, elsewhere: Path) -> None:
    out = elsewhere / "card.csv"

    done = CliRunner().invoke(main, ["scorecard", "Quernlow", "--out", str(out)])

    assert done.exit_code == 0, done.output
    assert out.read_bytes() == client.rendered(DOCUMENT, "csv")
    written = elsewhere / "scored.html"
    done = CliRunner().invoke(main, ["score", str(SAMPLE), *WHOSE, "--out", str(written)])
    assert done.exit_code == 0, done.output
    assert written.read_bytes().startswith(b"<!doctype html>")


def test_the_key_goes_with_every_request() -> None:
    with Client("http://127.0.0.1:9", key="s3cret") as client:
        assert client._http.headers["authorization"] == "Bearer s3cret"
    assert isinstance(client._http, httpx.Client)
