"""Who may ask: names of this machine, and no other site through a browser."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.datastructures import Headers

from api.guard import is_foreign
from esg.cli import main
from esg.hosts import is_known, is_loopback, needs_key
from esg.settings import Settings
from tests.hostile.requests import open_requests


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:80", "[::1]:80", "::1", "127.9.9.9", "api.localhost:1"]
)
def test_names_of_this_machine_are_loopback(host: str) -> None:
    assert is_loopback(host if host.count(":") < 2 or host.startswith("[") else f"[{host}]")


@pytest.mark.parametrize(
    "host",
    ["", "example.com", "127.0.0.1.example.com", "0.0.0.0", "10.0.0.1", "localhost.example.com", "[::]"],
)
def test_other_names_are_not(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"host": "127.0.0.1:1"}, False),
        ({"host": "127.0.0.1:1", "origin": "http://127.0.0.1:1"}, False),
        ({"host": "127.0.0.1:1", "origin": "http://127.0.0.1:2"}, True),
        ({"host": "127.0.0.1:1", "origin": "null"}, True),
        ({"host": "127.0.0.1:1", "sec-fetch-site": "cross-site"}, True),
        ({"host": "127.0.0.1:1", "sec-fetch-site": "same-site"}, True),
        ({"host": "127.0.0.1:1", "sec-fetch-site": "same-origin"}, False),
        ({"host": "127.0.0.1:1", "sec-fetch-site": "none"}, False),
    ],
)
def test_a_browser_says_whose_page_sends(headers: dict[str, str], foreign: bool) -> None:
    assert is_foreign(Headers(headers)) is foreign


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com"])
def test_who_can_be_reached_by_others_needs_keys(host: str) -> None:
    assert needs_key(Settings(api_host=host))


@pytest.mark.parametrize(
    "opened", [{"api_hosts": "a.example"}, {"api_trusted_proxies": "10.0.0.0/8"}, {"api_require_key": True}]
)
def test_a_name_or_a_proxy_lets_others_reach_loopback(opened: dict[str, object]) -> None:
    assert needs_key(Settings.model_validate(opened))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_needs_no_key(host: str) -> None:
    assert not needs_key(Settings(api_host=host))


@pytest.mark.parametrize("command", [["up"], ["demo", "a.pdf"]])
def test_no_fleet_is_started_with_an_api_that_would_refuse(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ESG_API_HOST", "0.0.0.0")

    result = CliRunner().invoke(main, command)

    assert result.exit_code == 2
    assert result.output.startswith("esg: The API at 0.0.0.0 needs a key from whoever calls it")
    assert "esg keys create NAME" in result.output
    assert not (tmp_path / "home" / "broker").exists()


@pytest.mark.parametrize(
    ("host", "bound", "names", "known"),
    [
        ("localhost:8000", "127.0.0.1", "", True),
        ("reports.example", "127.0.0.1", "", False),
        ("reports.example:443", "127.0.0.1", "other.example, Reports.Example", True),
        ("10.1.2.3", "127.0.0.1", "", False),
        ("10.1.2.3:8000", "0.0.0.0", "", True),
        ("reports.example", "0.0.0.0", "", False),
        ("api.internal", "api.internal", "", True),
        ("", "0.0.0.0", "", False),
    ],
)
def test_the_api_answers_to_its_own_names(host: str, bound: str, names: str, known: bool) -> None:
    assert is_known(host, Settings(api_host=bound, api_hosts=names)) is known


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_query_of_raw_bytes_is_refused(method: str, tmp_path: Path) -> None:
    ask = open_requests(tmp_path)
    assert ask(f"{method} /v1/documents?a=".encode() + b"\x91\n\n", lambda _: None) == "400"
