"""`esg secrets …`: the files that a deployment reads its secrets from, made once, never shown."""

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.table import Table

from esg.cli.console import answer, emit, json_option
from esg.errors import Misconfigured

FOLDER_MODE = 0o700  # nobody else on this machine comes in …
FILE_MODE = 0o444  # … but each file, mounted alone, is read by whichever user its container runs as
RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A file of the folder: what it is for, and how it is made; what others give is empty until then."""

    what: str
    make: Callable[[], str] | None = None


def _random() -> str:
    return secrets.token_urlsafe(RANDOM_BYTES)


SECRETS: Mapping[str, Secret] = {
    "postgres_password": Secret("PostgreSQL's superuser esg, who makes the roles", _random),
    "postgres_owner_password": Secret("esg_owner, who migrates and restores", _random),
    "postgres_app_password": Secret("esg_app, who workers, beat and API are in PostgreSQL", _random),
    "redis_password": Secret("the broker", _random),
    "message_key": Secret("signs messages to the fleet", _random),
    "flower_password": Secret("Flower's user esg", _random),
    "webhook_secret": Secret("signs webhooks", _random),
    "grafana_password": Secret("Grafana's user admin", _random),
    "minio_password": Secret("MinIO's user esg (profile lake)", _random),
    "prometheus_key": Secret("scrapes the API: esg keys create prometheus --scope admin"),
    "watsonx_api_key": Secret("IBM Cloud, for ESG_EMBEDDER, ESG_JUDGE or ESG_RERANKER=watsonx"),
    "astra_token": Secret("Astra, for ESG_VECTOR_STORE=cassandra"),
    "cassandra_password": Secret("a Cassandra that asks for one"),
    "iceberg_credential": Secret("an Iceberg catalog that asks for one, as id:secret"),
    "mcp_api_key": Secret("assistants on this machine: esg keys create assistant --scope read"),
    "ngrok_token": Secret("the agent of ngrok (profile tunnel)"),
}
KEY_OF_S3 = "aws_credentials"  # for the AWS SDK's AWS_SHARED_CREDENTIALS_FILE
S3_USER = "esg"


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a file: made, kept as it was, or empty, since another has to give it."""

    name: str
    state: str
    what: str


@click.group("secrets")
def command() -> None:
    """Make the files of secrets that `*_FILE` variables and docker-compose.yml lead to."""


@command.command("create")
@click.argument("names", type=click.Choice([*SECRETS, KEY_OF_S3]), nargs=-1, metavar="[NAME]…")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("secrets"),
    show_default=True,
    help="The folder; it is made for its owner alone.",
)
@json_option
def create(names: Sequence[str], folder: Path, as_json: bool) -> None:
    """Make each secret that is missing, or those named, of 256 random bits; what is there stays as it is."""
    written = write(folder, names or (*SECRETS, KEY_OF_S3))
    if as_json:
        emit([asdict(one) for one in written])
        return
    table = Table("file", "", "what for", box=None, header_style="dim")
    for one in written:
        table.add_row(str(folder / one.name), one.state, one.what)
    answer().print(table)


def write(folder: Path, names: Sequence[str] = (*SECRETS, KEY_OF_S3)) -> list[Written]:
    """Write what is missing of these; raises Misconfigured."""
    keys = Secret("keys of the lake's S3; MinIO's unless you put others in", lambda: _keys_of_s3(folder))
    known = {**SECRETS, KEY_OF_S3: keys}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        folder.chmod(FOLDER_MODE)
        return [_kept_or_made(folder, name, secret) for name, secret in known.items() if name in names]
    except OSError as error:
        raise Misconfigured(
            f"{folder} cannot hold secrets: {error.strerror}.", next_step="Name another folder with --to."
        ) from error


def _kept_or_made(folder: Path, name: str, secret: Secret) -> Written:
    path = folder / name
    if path.is_file() and path.stat().st_size:
        return Written(name, "kept", secret.what)
    if secret.make is None:
        if not path.exists():
            _write(path, "")
        return Written(name, "empty", secret.what)
    _write(path, secret.make())
    return Written(name, "made", secret.what)


def _keys_of_s3(folder: Path) -> str:
    _kept_or_made(folder, "minio_password", SECRETS["minio_password"])
    password = (folder / "minio_password").read_text(encoding="utf-8")
    return f"[default]\naws_access_key_id = {S3_USER}\naws_secret_access_key = {password}\n"


def _write(path: Path, text: str) -> None:
    """Write it whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.chmod(FILE_MODE if text else 0o644)  # who deploys fills the empty ones in
    draft.replace(path)
