"""Settings → whether a process may start by them: all variables that are missing or wrong, told at once.

Only what can be known without asking a server is looked at; `esg doctor` asks them.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from esg.resources import EMBEDDERS, JUDGES, RERANKERS, STORES
from esg.secret_files import SUFFIX
from esg.settings import Settings, WrongSettings, names, variable

Fault = tuple[str, str]  # a variable, and what is wrong with it
BROKERS = ("redis", "rediss", "redis+socket", "sentinel")
DATABASES = ("sqlite", "postgresql+psycopg")
WEB = ("watsonx_url", "watsonx_token_url", "iceberg_s3_endpoint", "ngrok_api_url", "otlp_endpoint")
FILES = (
    "schedule",
    "cassandra_ca",
    "watsonx_ca_bundle",
    "iceberg_ca",
    "otlp_certificate",
    "metrics_certificate",
    "metrics_key",
)
NEEDED = {  # in production, by every process: the field, and what it is for
    "broker_url": "the Redis of the fleet, as redis://redis.example:6379/0",
    "database_url": "the database, as postgresql+psycopg://esg@db.example:5432/esg",
    "lake_url": "the folder or bucket of all documents",
}
BESIDES = {  # by the one process that uses it, so that no other has to be handed it
    "webhook_secret": "what webhooks are signed with",  # nosec B105  # a description
    "flower_password": "the password of Flower, whose user can stop workers",  # nosec B105  # a description
}
UNCHANGED = "change-me"  # how values begin in .env.production.example that nobody may keep
SHORTEST_KEY = 32  # characters of what messages are signed with
ALIKE = 0.85  # of difflib's ratio: a letter or two of a name
PROCESSES = ("ESG_WORKER_", "ESG_TEST_", "ESG_STACK_", "ESG_IMAGE", "ESG_ENV_FILE", "ESG_SECRETS")


def settings_to_start_by(*besides: str) -> Settings:
    """Read the settings; raises WrongSettings that names all that is missing or wrong.

    `besides` are fields of BESIDES that this process needs in production.
    """
    faults: dict[str, str] = {}
    try:
        settings = Settings()
    except WrongSettings as error:
        if error.rest is None:
            raise
        settings, faults = error.rest, error.faults
    faults = dict(faults_of(settings, os.environ, *besides)) | faults
    if faults:
        raise WrongSettings(faults, settings)
    return settings


def faults_of(settings: Settings, environment: Mapping[str, str], *besides: str) -> Iterator[Fault]:
    """Tell of every variable that is missing, or that what it says cannot be used."""
    yield from _missing(settings, NEEDED | {field: BESIDES[field] for field in besides})
    for rule in RULES:
        yield from rule(settings)
    yield from _misspelt(environment)


def _missing(settings: Settings, needed: Mapping[str, str]) -> Iterator[Fault]:
    """In production nothing is embedded, and no secret is made on the way."""
    if not settings.production:
        return
    for field, what in needed.items():
        given = settings.broker if field == "broker_url" else _text(settings, field)
        if not given:
            yield variable(field), f"is missing: {what}"
    if settings.database_url.startswith("sqlite"):
        yield variable("database_url"), "is SQLite, which production does not run on"


def _unchanged(settings: Settings) -> Iterator[Fault]:
    for field in type(settings).model_fields:
        if UNCHANGED in _text(settings, field):
            yield variable(field), "still says what its example says"


def _urls(settings: Settings) -> Iterator[Fault]:
    yield from _scheme(settings, "broker_url", BROKERS)
    yield from _scheme(settings, "database_url", DATABASES)
    for field in WEB:
        yield from _scheme(settings, field, ("http", "https"))


def _scheme(settings: Settings, field: str, schemes: Sequence[str]) -> Iterator[Fault]:
    url = _text(settings, field)
    if url and urlsplit(url).scheme not in schemes:
        yield variable(field), f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"


def _adapters(settings: Settings) -> Iterator[Fault]:
    """One of ours by name, or one of others as package.module:function."""
    tables: Mapping[str, Mapping[str, object]] = {
        "embedder": EMBEDDERS,
        "judge": JUDGES,
        "reranker": RERANKERS,
        "vector_store": STORES,
    }
    for field, table in tables.items():
        name = _text(settings, field)
        if name not in table and ":" not in name:
            yield (
                variable(field),
                f"'{name}' is not known; it is {' or '.join(table)}, or package.module:function",
            )


def _watsonx(settings: Settings) -> Iterator[Fault]:
    users = [f for f in ("embedder", "judge", "reranker") if _text(settings, f) == "watsonx"]
    if not users:
        return
    why = f"is missing: {' and '.join(map(variable, users))} {'is' if len(users) == 1 else 'are'} watsonx"
    for field in ("watsonx_api_key", "watsonx_project_id"):
        if not _text(settings, field):
            yield variable(field), why


def _message_keys(settings: Settings) -> Iterator[Fault]:
    """A key that can be guessed signs nothing; with one that is only accepted, ours would be refused."""
    for field in ("message_key", "message_key_accepted"):
        key = _text(settings, field)
        if key and len(key) < SHORTEST_KEY:
            yield (
                variable(field),
                f"has {len(key)} characters and needs {SHORTEST_KEY}: openssl rand -base64 32",
            )
    if _text(settings, "message_key_accepted") and not _text(settings, "message_key"):
        yield (
            variable("message_key"),
            f"is missing: {variable('message_key_accepted')} is only accepted beside it",
        )


def _cassandra(settings: Settings) -> Iterator[Fault]:
    if settings.vector_store != "cassandra":
        return
    if settings.astra_token.get_secret_value():
        if not settings.bundle.is_file():
            yield variable("astra_bundle"), f"there is no file {settings.bundle}"
    elif settings.astra_id or settings.astra_region:
        yield variable("astra_token"), "is missing: ASTRA_DB_ID and ASTRA_DB_REGION name an Astra database"
    elif not settings.cassandra_hosts.replace(",", " ").split():
        yield variable("cassandra_hosts"), "is missing: ESG_VECTOR_STORE is cassandra"
    elif bool(settings.cassandra_user) != bool(settings.cassandra_password.get_secret_value()):
        lacking = "cassandra_password" if settings.cassandra_user else "cassandra_user"
        yield variable(lacking), "is missing: a user and a password go together"


def _metrics(settings: Settings) -> Iterator[Fault]:
    if bool(settings.metrics_certificate) != bool(settings.metrics_key):
        lacking = "metrics_key" if settings.metrics_certificate else "metrics_certificate"
        yield variable(lacking), "is missing: a certificate and its key go together"


def _iceberg(settings: Settings) -> Iterator[Fault]:
    if settings.iceberg_uri and not settings.iceberg_warehouse:
        yield variable("iceberg_warehouse"), "is missing: ESG_ICEBERG_URI names a catalog"


def _extras(settings: Settings) -> Iterator[Fault]:
    """What a setting asks for must be installed."""
    watsonx = "watsonx" in (settings.embedder, settings.judge, settings.reranker)
    asked = (
        ("database_url", settings.database_url.startswith("postgresql"), "psycopg", "postgres"),
        ("iceberg_uri", bool(settings.iceberg_uri), "pyiceberg", "iceberg"),
        ("vector_store", settings.vector_store == "cassandra", "cassandra", "cassandra"),
        ("watsonx_api_key", watsonx, "ibm_watsonx_ai", "watsonx"),
        ("otlp_endpoint", bool(settings.otlp_endpoint), "opentelemetry.sdk", "otel"),
    )
    for field, is_asked, module, extra in asked:
        if is_asked and not _is_installed(module):
            yield variable(field), f"needs what is not installed: pip install 'esg-engine[{extra}]'"


def _files(settings: Settings) -> Iterator[Fault]:
    for field in FILES:
        path: Path | None = getattr(settings, field)
        if path is not None and not path.is_file():
            yield variable(field), f"there is no file {path}"
    if settings.inbox is not None and not settings.inbox.is_dir():
        yield variable("inbox"), f"there is no folder {settings.inbox}"


RULES: Sequence[Callable[[Settings], Iterator[Fault]]] = (
    _unchanged,
    _urls,
    _adapters,
    _watsonx,
    _message_keys,
    _cassandra,
    _iceberg,
    _metrics,
    _extras,
    _files,
)


def _misspelt(environment: Mapping[str, str]) -> Iterator[Fault]:
    """A name that no setting has is ignored; one that is nearly a setting's is a slip."""
    known = {name for field in Settings.model_fields for name in names(field)}
    for name in environment:
        bare = name.removesuffix(SUFFIX)
        if not name.startswith("ESG_") or bare in known or name.startswith(PROCESSES):
            continue
        if close := get_close_matches(bare, known, n=1, cutoff=ALIKE):
            yield name, f"is no setting; {close[0]} is"


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False


def _text(settings: Settings, field: str) -> str:
    value = getattr(settings, field)
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)
