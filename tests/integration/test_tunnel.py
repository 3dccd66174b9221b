"""A tunnel's public name, asked of a peer of the ngrok agent's API on this machine."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.errors import Transient
from esg.hosts import needs_key
from esg.settings import Settings
from esg.tunnel import FRESH_SECONDS, Tunnel, public_urls
from tests.fakes.serving import serving
from tests.fakes.web import Fault, Site, site

NAME = "calm-otter.ngrok.app"


def tell(place: Site, *urls: str) -> None:
    """Let the peer list tunnels as an agent does."""
    tunnels = [
        {
            "name": "command_line",
            "uri": "/api/tunnels/command_line",
            "public_url": url,
            "proto": url.partition(":")[0],
            "config": {"addr": "http://api:8000", "inspect": True},
            "metrics": {"conns": {"count": 0}, "http": {"count": 0}},
        }
        for url in urls
    ]
    place.pages["/api/tunnels"] = json.dumps({"tunnels": tunnels, "uri": "/api/tunnels"}).encode()


def test_the_api_goes_by_the_name_that_the_agent_tells(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["keys", "create", "x"], env={"ESG_HOME": str(tmp_path)}).exit_code == 0
    with site() as place:
        tell(place, f"https://{NAME}")
        with serving(Settings(home=tmp_path, ngrok_api_url=place.url)) as client:
            assert client.get("/live", headers={"host": NAME}).status_code == 200
            assert client.get("/live", headers={"host": "evil.ngrok.app"}).status_code == 421
            assert client.get("/v1/jobs", headers={"host": NAME}).status_code == 401
            assert (
                client.get("/v1/jobs").status_code == 401
            )  # the agent is on this machine, its callers are not
            assert len(place.asked) == 1


def test_a_new_name_takes_the_place_of_the_old() -> None:
    now = [0.0]
    with site() as place:
        tunnel = Tunnel(place.url, clock=lambda: now[0])
        tell(place, f"https://{NAME}")
        assert tunnel.has(f"{NAME}:443")

        tell(place, "https://wild-heron.ngrok.app")
        assert not tunnel.has("wild-heron.ngrok.app")
        now[0] += FRESH_SECONDS
        assert tunnel.has("wild-heron.ngrok.app")
        assert not tunnel.has(NAME)

        place.faults["/api/tunnels"] = Fault(status=502)
        now[0] += FRESH_SECONDS
        assert not tunnel.has("wild-heron.ngrok.app")


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"{}", b'{"tunnels": [{}]}', b'{"tunnels": 1}'])
def test_an_answer_that_tells_nothing_is_no_name(answer: bytes) -> None:
    with site() as place:
        place.pages["/api/tunnels"] = answer
        assert not Tunnel(place.url).has(NAME)
        with pytest.raises(Transient, match="NGROK_AUTH_TOKEN"):
            public_urls(place.url)


def test_only_addresses_with_tls_count() -> None:
    with site() as place:
        tell(place, f"http://{NAME}", "tcp://0.tcp.ngrok.io:1", f"https://{NAME}")
        assert public_urls(place.url) == [f"https://{NAME}"]


def test_who_has_a_tunnel_needs_keys() -> None:
    assert needs_key(Settings(ngrok_api_url="http://127.0.0.1:4040"))


def test_the_doctor_shows_the_public_address(settings: Settings) -> None:
    with site() as place:
        environment = {"ESG_HOME": str(settings.home), "ESG_NGROK_API_URL": place.url}
        tell(place, f"https://{NAME}")
        assert finding(environment) == (True, f"https://{NAME}, for assistants https://{NAME}/mcp", "")
        tell(place)
        ok, _, step = finding(environment)
        assert (ok, step) == (False, "Start it with: ngrok http PORT, the port of the API")
    ok, _, step = finding(environment)
    assert not ok
    assert "ESG_NGROK_API_URL" in step


def finding(environment: dict[str, str]) -> tuple[bool, str, str]:
    said = json.loads(CliRunner().invoke(main, ["doctor", "--json"], env=environment).stdout)
    (found,) = [one for one in said if one["part"] == "tunnel"]
    return found["ok"], found["detail"], found["next_step"]
