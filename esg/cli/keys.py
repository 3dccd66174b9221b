"""`esg keys …`: who may ask the API, for what, and as which tenant."""

from collections.abc import Sequence
from datetime import datetime

import click
from rich.markup import escape
from rich.table import Table

from esg.cli import prefix
from esg.cli.console import answer, emit, json_option, talk
from esg.resources import open_resources
from esg.settings import MOST_A_MINUTE, Settings
from esg.state import ApiKey, KeyScope, State

DEFAULT_SCOPES = (KeyScope.READ, KeyScope.SUBMIT)


@click.group("keys")
def command() -> None:
    """Make, list and revoke keys of the API: each with scopes, a tenant and a rate of its own."""


@command.command("create")
@click.argument("name", type=click.STRING)
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in KeyScope]),
    multiple=True,
    default=[scope.value for scope in DEFAULT_SCOPES],
    show_default=True,
    help="What it may do; give it again for each.",
)
@click.option("--tenant", help="Whose key it is: it sees what was sent by this tenant alone. None sees all.")
@click.option(
    "--rate", type=click.IntRange(1, MOST_A_MINUTE), help="Requests a minute; else as ESG_API_KEY_RATE says."
)
@json_option
def create(name: str, scopes: Sequence[str], tenant: str | None, rate: int | None, as_json: bool) -> None:
    """Make a key called NAME and print it, this once: only a hash of it is kept."""
    key, text = _state().create_key(
        name, scopes=[*map(KeyScope, scopes)], tenant=tenant, rate_per_minute=rate
    )
    if as_json:
        emit({"key": text, **_plain(key)})
        return
    click.echo(text)
    whose = f"of the tenant {key.tenant}" if key.tenant else "of the operator: it sees everything"
    talk.print(f"{key.id} is {whose}. It is not shown again.", markup=False)


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Also those revoked.")
@json_option
def list_keys(every: bool, as_json: bool) -> None:
    """List keys, the newest first."""
    keys = [key for key in _state().api_keys() if every or key.revoked_at is None]
    if as_json:
        emit([_plain(key) for key in keys])
    elif keys:
        answer().print(_table(keys))
    else:
        talk.print("no keys; make one with: esg keys create NAME")


@command.command("revoke")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@json_option
def revoke(ids: tuple[str, ...], as_json: bool) -> None:
    """Revoke keys, each by the start of its id; from now on they open nothing, in any process."""
    state = _state()
    known = [key.id for key in state.api_keys()]
    revoked = [state.revoke_key(name) for name in [prefix.completed(name, lambda: known) for name in ids]]
    if as_json:
        emit([_plain(key) for key in revoked])
        return
    for key in revoked:
        talk.print(f"{key.id} ({key.name}) is revoked", markup=False)


def _state() -> State:
    return open_resources(Settings()).housekeeping


def _plain(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "tenant": key.tenant,
        "scopes": _scopes(key),
        "rate_per_minute": key.rate_per_minute,
        "created_at": key.created_at,
        "used_at": key.used_at,
        "revoked_at": key.revoked_at,
    }


def _scopes(key: ApiKey) -> list[str]:
    return [scope.value for scope in KeyScope if scope in key.scopes]


def _table(keys: Sequence[ApiKey]) -> Table:
    columns = ("id", "name", "tenant", "scopes", "a minute", "created", "last used", "revoked")
    table = Table(*columns, box=None, header_style="dim")
    for key in keys:
        table.add_row(
            key.id,
            escape(key.name),
            key.tenant or "(all)",
            " ".join(_scopes(key)),
            str(key.rate_per_minute or ""),
            *map(_minute, (key.created_at, key.used_at, key.revoked_at)),
        )
    return table


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
