"""Who may ask: names of this machine, and no other site through a browser."""

import pytest
from starlette.datastructures import Headers

from api.__main__ import refuse_public
from api.guard import is_foreign, is_loopback
from esg.errors import Misconfigured
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
