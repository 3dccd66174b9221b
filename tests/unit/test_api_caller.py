"""Who asks: which requests are of this machine alone, and where a key is found in one."""

import base64

import pytest
from starlette.datastructures import Headers

from api.app import create_app
from api.caller import credential, is_local
from api.gate import home_of, is_open
from esg import tokens
from esg.errors import Misconfigured
from esg.settings import Settings


@pytest.mark.parametrize(
    ("peer", "headers", "local"),
    [
        ("127.0.0.1", {"host": "localhost:8000"}, True),
        ("::1", {"host": "[::1]:8000"}, True),
        ("192.0.2.1", {"host": "localhost:8000"}, False),
        ("127.0.0.1", {"host": "reports.example"}, False),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "127.0.0.1"}, False),
        ("127.0.0.1", {"host": "localhost", "forwarded": "for=192.0.2.1"}, False),
        ("127.0.0.1", {}, False),
        ("", {"host": "localhost"}, False),
        (None, {"host": "localhost"}, False),
    ],
)
def test_a_request_is_of_this_machine_alone(peer: str | None, headers: dict[str, str], local: bool) -> None:
    """Whatever address the server was bound to: a peer elsewhere is one elsewhere."""
    scope = {"type": "http", "client": (peer, 1) if peer is not None else None}
    assert is_local(scope, Headers(headers)) is local


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({}, None),
        ({"x-api-key": "k"}, "k"),
        ({"authorization": "Bearer k"}, "k"),
        ({"authorization": "bearer  k "}, "k"),
        ({"authorization": "Basic " + base64.b64encode(b"user:k:l").decode()}, "k:l"),
        ({"authorization": "Basic " + base64.b64encode(b"user").decode()}, ""),
        ({"authorization": "Basic /w=="}, ""),
        ({"authorization": "Basic ?"}, ""),
        ({"authorization": "Negotiate x", "x-api-key": "k"}, ""),
        ({"authorization": "", "x-api-key": "k"}, "k"),
    ],
)
def test_a_key_is_found_where_it_may_be(headers: dict[str, str], key: str | None) -> None:
    assert credential(Headers(headers)) == key


@pytest.mark.parametrize(
    "path", ["/", "/v1/jobs", "/healthy", "/health/", "/docsx", "//health", "/v1/docs/x", "/metrics"]
)
def test_only_what_tells_nothing_is_open(path: str) -> None:
    assert not is_open(path)


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_who_has_an_ipv6_address_has_its_network(address: str, home: str) -> None:
    assert home_of(address) == home


def test_no_two_keys_are_alike_and_each_names_its_id() -> None:
    made = [tokens.mint() for _ in range(50)]
    assert len({one.text for one in made}) == len({one.id for one in made}) == 50
    assert all(tokens.id_of(one.text) == one.id and tokens.is_of(one.text, one.sha256) for one in made)
    assert [tokens.id_of(text) for text in ("", "esg_", made[0].text + "\n", " " + made[0].text)] == [""] * 4


@pytest.mark.parametrize(
    "opened",
    [{"api_host": "0.0.0.0"}, {"api_hosts": "a.example"}, {"api_trusted_proxies": "10.0.0.0/8"}],
)
@pytest.mark.anyio
async def test_no_server_can_start_the_app_open_to_others_without_a_key(
    opened: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As any ASGI server would: by its lifespan."""
    settings = Settings.model_validate({"home": tmp_path_factory.mktemp("home")} | opened)
    app = create_app(settings)
    with pytest.raises(Misconfigured, match="esg keys create NAME"):
        async with app.router.lifespan_context(app):
            pass
    app.state.house.resources.housekeeping.create_key("anyone", scopes=[])
    async with app.router.lifespan_context(app):
        pass


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
