"""Who may ask: names of this machine, and no other site through a browser."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.datastructures import Headers

from api.guard import is_foreign
from esg.cli import main
from esg.errors import Misconfigured
from esg.hosts import is_loopback, refuse_public
from esg.settings import Settings


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
def test_the_api_refuses_to_be_reached_without_a_key(host: str) -> None:
    with pytest.raises(Misconfigured, match="ESG_API_TRUSTED_NETWORK"):
        refuse_public(Settings(api_host=host))
    refuse_public(Settings(api_host=host, api_trusted_network=True))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_needs_no_key(host: str) -> None:
    refuse_public(Settings(api_host=host))


@pytest.mark.parametrize("command", [["up"], ["demo", "a.pdf"]])
def test_no_fleet_is_started_with_an_api_that_would_refuse(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ESG_API_HOST", "0.0.0.0")

    result = CliRunner().invoke(main, command)

    assert result.exit_code == 2
    assert result.output.startswith("esg: The API would be reachable at 0.0.0.0 without a key. Leave ")
    assert not (tmp_path / "home").exists()
