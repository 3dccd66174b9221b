"""`python -m api`: serve until told to stop. Everything it writes is below `settings.home`."""

import sys
import tempfile

import click
import uvicorn

from api.app import create_app
from api.guard import is_loopback
from esg import logs
from esg.errors import EsgError, Misconfigured
from esg.settings import Settings

GRACE_SECONDS = 5  # for answers under way when it is told to stop


def main() -> None:
    settings = Settings()
    try:
        refuse_public(settings)
    except EsgError as error:
        click.secho(f"esg: {error}", fg="red", err=True)
        sys.exit(2)
    logs.configure(settings.log_level)
    drafts = settings.home / "tmp"  # uploads on their way: on the disk of `home`, not in a small /tmp
    drafts.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(drafts)
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,  # Observe writes the line, with its ids
        server_header=False,
        proxy_headers=settings.api_trusted_network,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def refuse_public(settings: Settings) -> None:
    """Raise Misconfigured when others could reach an API that asks for no key."""
    if is_loopback(_bracketed(settings.api_host)) or settings.api_trusted_network:
        return
    raise Misconfigured(
        f"The API would be reachable at {settings.api_host} without a key.",
        next_step="Leave ESG_API_HOST at 127.0.0.1, or set ESG_API_TRUSTED_NETWORK=true "
        "when a proxy that authenticates stands before it.",
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    main()
