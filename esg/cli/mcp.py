"""`esg mcp`: serve one assistant over standard input and output."""

import os
import sys

import click


@click.command("mcp")
def command() -> None:
    """Serve an assistant by MCP over standard input and output; it starts this command itself.

    It reads what this machine's fleet has scored, and has more scored while `esg up` runs. MCP_API_KEY
    narrows it to what a key may see and do.
    """
    os.execv(sys.executable, [sys.executable, "-m", "api.mcp"])  # noqa: S606  # nosec B606  # the CLI may not import `api`
