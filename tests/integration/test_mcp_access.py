"""Which assistants are let in: by what key, how often, by what name of the server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from click.testing import CliRunner
from mcp.shared.exceptions import MCPError

from esg.cli import main
from esg.settings import Settings
from tests.fakes.assistants import ESG, over_http, over_stdio, refused, told, words
from tests.fakes.serving import serving

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "list_companies", "arguments": {}},
}
ACCEPT = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def guarded(home: Path) -> Iterator[httpx.Client]:
    key(home, "read")  # without one it would not start
    with serving(Settings(home=home, api_require_key=True)) as client:
        yield client


def key(home: Path, *scopes: str) -> dict[str, Any]:
    asked = [part for scope in scopes for part in ("--scope", scope)]
    made = CliRunner().invoke(main, ["keys", "create", "x", *asked, "--json"], env={"ESG_HOME": str(home)})
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def revoke(home: Path, made: dict[str, Any]) -> None:
    result = CliRunner().invoke(main, ["keys", "revoke", made["id"]], env={"ESG_HOME": str(home)})
    assert result.exit_code == 0


@pytest.mark.parametrize("header", ["authorization", "x_api_key"])
async def test_a_key_is_taken_in_either_header(guarded: httpx.Client, home: Path, header: str) -> None:
    text = key(home, "read")["key"]
    async with over_http(
        guarded, **{header: f"Bearer {text}" if header == "authorization" else text}
    ) as client:
        assert (await told(client, "list_companies"))["companies"] == []


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "nonsense"}, {"authorization": "Bearer nonsense"}])
async def test_without_a_key_that_opens_there_is_a_challenge(
    guarded: httpx.Client, headers: dict[str, str]
) -> None:
    answer = guarded.post("/mcp", json=CALL, headers=ACCEPT | headers)

    assert (answer.status_code, answer.json()["type"]) == (401, "urn:esg:problem:unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    with pytest.RaisesGroup(MCPError, flatten_subgroups=True):
        async with over_http(guarded, **{name.replace("-", "_"): v for name, v in headers.items()}) as client:
            await client.list_tools()


async def test_a_missing_scope_is_named_with_the_next_step(guarded: httpx.Client, home: Path) -> None:
    reader, submitter = key(home, "read")["key"], key(home, "submit")["key"]
    async with over_http(guarded, x_api_key=reader) as client:
        said = await refused(client, "score_report", url="https://example.com/a.pdf")
        assert "lacks the scope 'submit'" in said
        assert "esg keys create NAME --scope submit" in said
    async with over_http(guarded, x_api_key=submitter) as client:
        for tool, arguments in (
            ("list_companies", {}),
            ("get_scorecard", {"company": "x"}),
            ("search_evidence", {"query": "x"}),
            ("job_status", {"job_id": "x"}),
            ("score_report", {"url": "https://example.com/a.pdf"}),
        ):
            assert "lacks the scope 'read'" in await refused(client, tool, **arguments)
    assert guarded.get("/v1/jobs", headers={"x-api-key": reader}).json()["jobs"] == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "rebound.example:80"])
async def test_a_name_that_is_not_ours_is_refused(guarded: httpx.Client, home: Path, host: str) -> None:
    headers = ACCEPT | {"host": host, "x-api-key": key(home, "read")["key"]}

    assert guarded.post("/mcp", json=CALL, headers=headers).status_code == 421


async def test_another_site_may_not_call(guarded: httpx.Client, home: Path) -> None:
    headers = ACCEPT | {"origin": "https://evil.example", "x-api-key": key(home, "read")["key"]}

    assert guarded.post("/mcp", json=CALL, headers=headers).status_code == 403


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_there_are_no_sessions_to_open_or_to_end(
    guarded: httpx.Client, home: Path, method: str
) -> None:
    answer = guarded.request(method, "/mcp", headers=ACCEPT | {"x-api-key": key(home, "read")["key"]})

    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_key_that_calls_too_often_is_told_how_long_to_wait(tmp_path: Path) -> None:
    often, seldom = key(tmp_path, "read")["key"], key(tmp_path, "read")["key"]
    with serving(Settings(home=tmp_path, api_require_key=True, mcp_rate_limit=2)) as served:
        async with over_http(served, x_api_key=often) as client:
            answers = [await client.call_tool("list_companies") for _ in range(5)]
        assert [answer.is_error for answer in answers[:2]] == [False, False]
        said = [words(answer) for answer in answers if answer.is_error]
        assert said  # though a call becomes free every half minute
        assert "This key may call 2 times a minute over MCP. Wait " in said[0]
        async with over_http(served, x_api_key=seldom) as client:
            assert await told(client, "list_companies")


async def test_over_stdio_the_key_of_the_environment_says_what_may_be_done(home: Path) -> None:
    made = key(home, "read")
    async with over_stdio(home, MCP_API_KEY=made["key"]) as client:
        assert await told(client, "list_companies")
        assert "lacks the scope 'submit'" in await refused(client, "score_report", path="/a.pdf")
        revoke(home, made)
        assert "MCP_API_KEY is no key, or was revoked" in await refused(client, "list_companies")


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"MCP_API_KEY": "nonsense"}, "MCP_API_KEY is no key"),
        ({"ESG_API_REQUIRE_KEY": "true"}, "asks assistants for a key, too"),
    ],
)
async def test_over_stdio_it_does_not_start_with_a_key_that_opens_nothing(
    home: Path, environment: dict[str, str], reason: str
) -> None:
    result = await anyio.run_process([ESG, "mcp"], env={"ESG_HOME": str(home), **environment}, check=False)

    assert result.returncode == 2
    assert reason in result.stderr.decode()
    assert result.stdout == b""


async def test_on_loopback_an_assistant_without_a_key_acts_by_that_of_the_settings(tmp_path: Path) -> None:
    made = key(tmp_path, "read")
    with serving(Settings.model_validate({"home": tmp_path, "mcp_api_key": made["key"]})) as served:
        async with over_http(served) as client:
            assert await told(client, "list_companies")
            assert "lacks the scope 'submit'" in await refused(
                client, "score_report", url="https://a.example"
            )
