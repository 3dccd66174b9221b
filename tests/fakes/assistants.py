"""The official client as an assistant: over HTTP with headers, or over the standard streams of `esg mcp`."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

Json = dict[str, Any]
ESG = Path(sys.executable).with_name("esg")


@asynccontextmanager
async def over_http(served: httpx.Client, mode: str = "auto", **headers: str) -> AsyncIterator[Client]:
    """Connect to the API that `served` speaks to."""
    url = str(served.base_url.join("/mcp"))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        httpx2.AsyncClient(headers=named, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode, cache=None) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(home: Path, mode: str = "auto", **environment: str) -> AsyncIterator[Client]:
    """Start `esg mcp` on a home, as an assistant does."""
    server = StdioServerParameters(
        command=str(ESG), args=["mcp"], env={"ESG_HOME": str(home), **environment}, cwd=str(home)
    )
    async with Client(server, mode=mode, cache=None) as client:
        yield client


async def told(client: Client, tool: str, **arguments: Any) -> Json:
    """Call a tool and give what it answers."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, words(result)
    assert result.structured_content is not None
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """Call a tool that does not do it, and give its words."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return words(result)


def words(result: CallToolResult) -> str:
    return "\n".join(content.text for content in result.content if content.type == "text")
