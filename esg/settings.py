"""Settings, read once from `ESG_*` (and the user's own names) and passed in; never imported as a global.

Each may be given as a file, by its name and `_FILE`, as secrets are that a container is handed.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import (
    AliasChoices,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from esg import redact, tracing
from esg.errors import Misconfigured
from esg.secret_files import SecretFiles, Unreadable

VISIBILITY_TIMEOUT_SECONDS = (
    1500  # more than twice the longest hard limit, the same in every client (FLEET §2)
)
DEFAULT_REDIS_PORT = 6379
MOST_A_MINUTE = 1_000_000  # requests that a rate limit may allow
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

Port = Annotated[int, Field(ge=0, le=65535)]
Faults = Mapping[str, str]  # variable -> what is wrong with it


class WrongSettings(Misconfigured):
    """Variables that are missing or wrong, all of them; `rest` is what the others say."""

    def __init__(self, faults: Faults, rest: "Settings | None" = None) -> None:
        told = [f"{variable}: {why}" for variable, why in faults.items()]
        some = f"{len(told)} variables are missing or wrong:\n  " if len(told) > 1 else ""
        super().__init__(some + "\n  ".join(told))
        self.faults = dict(faults)
        self.rest = rest


def _default_home() -> Path:
    """State lives beside a checkout, else where the desktop keeps application data."""
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".esg"
    return Path("~/.local/share/esg").expanduser()


class Settings(BaseSettings):
    """Everything a deployment may change; the defaults need no service, no key and no network."""

    model_config = SettingsConfigDict(
        env_prefix="ESG_", frozen=True, extra="ignore", populate_by_name=True, loc_by_alias=False
    )

    home: Path = Field(default_factory=_default_home, description="Folder of the embedded state.")
    production: bool = Field(
        False,
        description="Start only with parts of one's own and secrets that were given, not with what is "
        "embedded or made on the way: docs/operations/deploy.md.",
    )

    # -- the parts and what they are replaced by (DESIGN §3)
    broker_url: str = Field("", description="Redis of the fleet; empty starts an embedded one.")
    redis_host: str = Field(
        "",
        validation_alias=AliasChoices("ESG_REDIS_HOST", "REDIS_HOST"),
        description="The same by host and port.",
    )
    redis_port: Port = Field(
        DEFAULT_REDIS_PORT,
        validation_alias=AliasChoices("ESG_REDIS_PORT", "REDIS_PORT"),
        description="Used with `REDIS_HOST` only.",
    )
    broker_password: SecretStr = Field(
        SecretStr(""), description="Password of that Redis, where its URL holds none."
    )
    message_key: SecretStr = Field(
        SecretStr(""),
        description="What messages to the fleet are signed with; a worker that has it refuses all others. "
        "Empty signs and checks nothing.",
    )
    message_key_accepted: SecretStr = Field(
        SecretStr(""), description="A second key whose signatures are taken, too, while keys change."
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty is SQLite in `ESG_HOME`.")
    database_password: SecretStr = Field(
        SecretStr(""), description="Password for that URL, where it holds none."
    )
    lake_url: str = Field(
        "",
        validation_alias=AliasChoices("ESG_LAKE_URL", "PARQUET_BASE_PATH"),
        description="Folder or s3:// URL; empty is a folder in `ESG_HOME`.",
    )
    iceberg_uri: str = Field(
        "",
        description="Iceberg catalog that gold is kept in: of a REST server (http://), or in a database "
        "(sqlite:///, postgresql+psycopg://); empty keeps it as Parquet files in the lake.",
    )
    iceberg_warehouse: str = Field("", description="Its warehouse, as the catalog calls it.")
    iceberg_namespace: str = Field("esg", description="Namespace of the tables of gold.")
    iceberg_credential: SecretStr = Field(
        SecretStr(""), description="`id:secret` that the catalog gives a token for."
    )
    iceberg_oauth_url: str = Field(
        "", description="Where it gives one; empty is `v1/oauth/tokens` of the catalog."
    )
    iceberg_token: SecretStr = Field(SecretStr(""), description="A token, in place of a credential.")
    iceberg_s3_endpoint: str = Field(
        "",
        description="URL of the tables' store where it is not AWS; keys come from `AWS_ACCESS_KEY_ID` and "
        "`AWS_SECRET_ACCESS_KEY`.",
    )
    iceberg_ca: Path | None = Field(
        None,
        description="PEM file of whom the certificates of catalog and tables' store are from; none takes the "
        "usual authorities.",
    )
    gold_keep_days: int = Field(
        400, ge=1, description="How long what gold said before can be asked for (`esg sql --as-of`)."
    )
    vector_store: str = Field(
        "duckdb",
        description="`duckdb`, `cassandra`, `memory` (each process its own), or package.module:function.",
    )
    embedder: str = Field("local", description="`local`, `watsonx` or package.module:function.")
    reranker: str = Field(
        "none",
        description="Puts what a search finds in order: `none`, `watsonx` or package.module:function.",
    )
    judge: str = Field("local", description="`local`, `watsonx` or package.module:function.")
    rubric: str = Field("maturity", description="Id of a shipped rubric or path of a rubric file.")

    # -- Cassandra or Astra, for ESG_VECTOR_STORE=cassandra
    cassandra_hosts: str = Field("127.0.0.1", description="Nodes to ask first, parted by commas.")
    cassandra_port: Port = Field(9042, description="Port of all nodes.")
    cassandra_keyspace: str = Field(
        "esg",
        validation_alias=AliasChoices("ESG_CASSANDRA_KEYSPACE", "ASTRA_DB_KEYSPACE"),
        pattern=r"^[A-Za-z][A-Za-z0-9_]{0,47}$",
        description="Where the tables are.",
    )
    cassandra_replicas: int = Field(
        0,
        ge=0,
        description="Copies in the datacentre of a keyspace that is made if it is not there; 0 makes none.",
    )
    cassandra_datacentre: str = Field(
        "", description="The near one; empty takes that of the first node found."
    )
    cassandra_user: str = Field("", description="Empty logs in nowhere.")
    cassandra_password: SecretStr = Field(SecretStr(""), description="Password of `ESG_CASSANDRA_USER`.")
    cassandra_ca: Path | None = Field(
        None, description="PEM file of whom the nodes' certificates are from; none connects without TLS."
    )
    cassandra_timeout_seconds: float = Field(10.0, gt=0, description="What one request may take.")
    astra_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("ASTRA_DB_APPLICATION_TOKEN"),
        description="Token of an Astra database, which is used instead of hosts.",
    )
    astra_id: str = Field("", validation_alias=AliasChoices("ASTRA_DB_ID"), description="Its id.")
    astra_region: str = Field("", validation_alias=AliasChoices("ASTRA_DB_REGION"), description="Its region.")
    astra_bundle: Path | None = Field(
        None,
        validation_alias=AliasChoices("ASTRA_DB_SECURE_BUNDLE_PATH"),
        description="Its secure connect bundle; empty is `secure-connect-<id>.zip` in `ESG_HOME`.",
    )

    # -- watsonx.ai (docs/operations/watsonx.md)
    watsonx_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("ESG_WATSONX_API_KEY", "IBM_WATSONX_API_KEY"),
        description="API key of IBM Cloud.",
    )
    watsonx_project_id: str = Field(
        "",
        validation_alias=AliasChoices("ESG_WATSONX_PROJECT_ID", "IBM_WATSONX_PROJECT_ID"),
        description="The watsonx.ai project that is asked and billed.",
    )
    watsonx_url: str = Field(
        "https://us-south.ml.cloud.ibm.com",
        validation_alias=AliasChoices("ESG_WATSONX_URL", "IBM_WATSONX_URL"),
        description="The region of watsonx.ai.",
    )
    watsonx_token_url: str = Field(
        "https://iam.cloud.ibm.com/identity/token", description="Where the API key is changed for a token."
    )
    watsonx_ca_bundle: Path | None = Field(
        None, description="PEM file of certificates to trust instead of the system's, as behind a proxy."
    )
    watsonx_embedding_model: str = Field(
        "ibm/slate-30m-english-rtrvr-v2", description="Model of `ESG_EMBEDDER=watsonx`."
    )
    watsonx_embedding_dimensions: int = Field(384, ge=1, description="Length of its vectors.")
    watsonx_max_tokens: int = Field(256, ge=8, description="Tokens a text for it may have, counted here.")
    watsonx_chat_model: str = Field("ibm/granite-4-h-small", description="Model of `ESG_JUDGE=watsonx`.")
    watsonx_chat_max_tokens: int = Field(4000, ge=256, description="Tokens that its answer may have.")
    watsonx_judge_passages: int = Field(
        40, ge=1, le=200, description="Passages it is shown for each criterion that the cues leave open."
    )
    watsonx_rerank_model: str = Field(
        "cross-encoder/ms-marco-minilm-l-12-v2", description="Model of `ESG_RERANKER=watsonx`."
    )
    watsonx_attempts: int = Field(4, ge=1, description="Requests for one call; then the task waits.")
    watsonx_attempt_seconds: float = Field(40.0, description="What one request may take in all.")
    watsonx_patience_seconds: float = Field(60.0, description="What is waited within one call in all.")
    watsonx_requests_per_second: int = Field(8, ge=1, description="Of all workers together.")
    watsonx_requests_per_minute: int = Field(0, ge=0, description="Of all workers together; 0 is no limit.")
    watsonx_tokens_per_minute: int = Field(0, ge=0, description="Of all workers together; 0 is no limit.")
    watsonx_run_budget_usd: float | None = Field(2.0, description="What one document may cost.")
    watsonx_day_budget_usd: float | None = Field(50.0, description="What a day (UTC) may cost.")
    watsonx_embedding_price: float = Field(0.10, ge=0, description="US dollars per million tokens.")
    watsonx_chat_price: float = Field(0.06, ge=0, description="The same for tokens of a question.")
    watsonx_chat_answer_price: float = Field(0.25, ge=0, description="The same for tokens of an answer.")
    watsonx_rerank_price: float = Field(0.10, ge=0, description="The same for ranking.")
    vector_cache_seconds: float = Field(
        90 * 86_400.0, description="How long the given broker's Redis keeps a vector; 0 keeps none there."
    )
    vector_cache_bytes: int = Field(
        1024**3, description="Memory of that Redis above which no more vectors are put there."
    )

    # -- fetching and parsing: what hostile input may cost
    max_document_bytes: int = Field(200 * 1024 * 1024, description="A larger report is rejected.")
    max_bulk_bytes: int = Field(
        1024**3, description="A larger ZIP of reports is refused, and what one unpacks to beyond this."
    )
    fetch_timeout_seconds: float = Field(60.0, description="What fetching a URL may take in all.")
    fetch_allow_private: bool = Field(False, description="Let URLs lead to private addresses (tests only).")
    max_pages: int = Field(2000, description="A report with more pages is rejected.")
    parse_timeout_seconds: float = Field(600.0, description="What reading a report may take.")
    parse_memory_bytes: int = Field(
        4 * 1024**3, description="What a process that reads a report may take of memory."
    )
    parse_processes: int = Field(
        0,
        ge=0,
        le=16,
        description="Processes that read the pages of one PDF side by side. 0 is one in a worker, which has "
        "a report for each, and as many as there are processors, up to 4, where reports come one by one "
        "(`esg score`).",
    )
    ocr_max_pages: int = Field(
        40,
        description="Pages of a report without a readable text layer that are read by OCR, the first ones; "
        "the rest stays unread, and the scorecard says so. 0 turns OCR off.",
    )

    # -- sources that are looked at again
    source_interval_seconds: float = Field(
        1.0, ge=0, description="Rest between two requests to a host; there is one at a time."
    )
    edgar_user_agent: str = Field(
        "", description="Who asks EDGAR, as the SEC wants it: `Acme Research jane@acme.example`."
    )
    edgar_url: str = Field("https://data.sec.gov", description="EDGAR's submissions API.")
    edgar_archives_url: str = Field("https://www.sec.gov", description="Where EDGAR's documents are.")

    # -- the fleet
    lease_seconds: float = Field(20.0, description="A worker silent for this long has lost its task.")
    requeue_after_seconds: float = Field(30.0, description="A message nobody took for so long is sent again.")
    sweep_seconds: float = Field(2.0, description="How often each worker looks for lost work.")
    drain_seconds: float = Field(
        20.0, description="What a stopping worker may still finish; then it gives back."
    )
    schedule: Path | None = Field(
        None, description="TOML file that says when nightly work runs: docs/operations/running.md."
    )
    retain_days: int = Field(
        90, ge=0, description="Days that jobs and other work stay known after their end; 0 is for ever."
    )
    retain_scorecards_days: int = Field(
        0, ge=0, description="Days that superseded scorecards are kept; 0, the default, is for ever."
    )
    inbox: Path | None = Field(None, description="Folder whose new reports are scored by themselves.")
    worker_nice: int | None = Field(
        None,
        ge=0,
        le=19,
        description="How far workers give way to others; unset: 5 beside the API of `esg up`, else 0.",
    )
    metrics_host: str = Field("127.0.0.1", description="Address where a worker serves /metrics.")
    metrics_port: Port = Field(0, description="Its port; 0 picks a free one.")
    metrics_certificate: Path | None = Field(
        None, description="PEM file of its certificate, for https; none serves plain HTTP."
    )
    metrics_key: Path | None = Field(None, description="PEM file of that certificate's key.")
    max_lost_workers: int = Field(3, description="Deaths after which a document is quarantined as poison.")
    max_retries: int = Field(6, description="Transient failures of a task after which it is quarantined.")
    retry_base_seconds: float = Field(
        2.0, description="The first retry waits up to this long, each further one up to twice as long."
    )
    outage_seconds: float = Field(
        6 * 3600.0,
        description="How long a store or database that does not answer is waited for, counting no retry.",
    )
    queue_depth: int = Field(
        4,
        description="Messages out per queue; the rest waits in SQL, where the short overtake the long.",
    )
    search_memory_bytes: int = Field(
        2 * 1024**3,
        ge=0,
        description="Memory for vectors, 1.2 KB each, where all are searched again; 0 keeps none.",
    )
    embed_batch_chunks: int = Field(64, description="Chunks that one embed task takes.")
    max_backlog: int = Field(10_000, description="Open stage runs above which the API answers 429.")
    api_url: str = Field(
        "",
        description="An API elsewhere for `esg score`, `status`, `scorecard`, `search` and `compare`.",
    )
    api_key: SecretStr = Field(SecretStr(""), description="The key that they send to it.")
    api_host: str = Field("127.0.0.1", description="Address where the API listens.")
    api_port: Port = Field(0, description="0 picks a free port, or the one used last.")
    api_hosts: str = Field(
        "", description="Names that the API may be called by besides loopback's, parted by commas."
    )
    api_trusted_proxies: str = Field(
        "",
        description="Addresses or networks of proxies whose `X-Forwarded-For` is believed, parted by commas.",
    )
    api_require_key: bool = Field(
        False, description="Ask callers on this machine for a key, too; all others need one anyway."
    )
    api_key_rate: int = Field(
        600,
        ge=0,
        le=MOST_A_MINUTE,
        description="Requests a minute of a key that has no rate of its own; 0 is no limit.",
    )
    api_address_rate: int = Field(
        1200,
        ge=0,
        le=MOST_A_MINUTE,
        description="The same of an address, whoever asks from it; 0 is no limit.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="What webhooks are signed with; empty makes one and keeps it in `ESG_HOME`.",
    )
    webhook_retries: int = Field(
        15,
        ge=0,
        description="Deliveries of a webhook that may fail, for about an hour; then it is set aside.",
    )
    ngrok_api_url: str = Field(
        "",
        description="Local API of an ngrok agent, as `http://ngrok:4040`: the API goes by the names it tells "
        "and asks everyone for a key.",
    )
    mcp_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("ESG_MCP_API_KEY", "MCP_API_KEY"),
        description="Key of assistants on this machine that bring none: those of `esg mcp`, and of `/mcp` on "
        "loopback. Empty lets them act as this machine's user.",
    )
    mcp_rate_limit: int = Field(
        120,
        ge=0,
        validation_alias=AliasChoices("ESG_MCP_RATE_LIMIT", "MCP_RATE_LIMIT"),
        description="Calls over MCP that a key has a minute; 0 is no limit.",
    )
    flower_port: Port = Field(0, description="0 picks a free port, or the one used last.")
    flower_password: SecretStr = Field(
        SecretStr(""), description="Password of the user `esg`; empty makes one and keeps it in `ESG_HOME`."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    otlp_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Where spans are sent (OTLP over HTTP); needs the extra `otel`.",
    )
    otlp_certificate: Path | None = Field(
        None,
        validation_alias="OTEL_EXPORTER_OTLP_CERTIFICATE",
        description="PEM file of whom its certificate is from; none takes the usual authorities.",
    )
    trace_exporter: Literal["", "otlp", "console", "none"] = Field(
        "",
        validation_alias=AliasChoices("ESG_TRACE_EXPORTER", "OTEL_TRACES_EXPORTER"),
        description="`console` writes spans to standard error, for development; empty is `otlp` where an "
        "endpoint is set, else none.",
    )
    trace_ratio: float = Field(
        1.0,
        ge=0,
        le=1,
        validation_alias=AliasChoices("ESG_TRACE_RATIO", "OTEL_TRACES_SAMPLER_ARG"),
        description="Share of traces that are kept where a caller did not decide; errors are always kept.",
    )

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in LOG_LEVELS:
            raise ValueError(
                f"there is no level {value!r}; use {', '.join(LOG_LEVELS[:-1])} or {LOG_LEVELS[-1]}"
            )
        return value.upper()

    @field_validator("redis_port", mode="before")
    @classmethod
    def _only_with_its_host(cls, value: Any, others: ValidationInfo) -> Any:
        """Alone it says nothing: Kubernetes sets REDIS_PORT to a URL beside any service called redis."""
        return value if others.data.get("redis_host") else DEFAULT_REDIS_PORT

    @model_validator(mode="wrap")
    @classmethod
    def _or_misconfigured(cls, values: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        """Raise an error that whoever set a variable understands."""
        values, faults = _without_unreadable(values)
        try:
            rest = validate(values)
        except ValidationError as error:
            faults |= _wrong(error)
            rest = validate(_without(values, [str(found["loc"][0]) for found in error.errors()]))
        if faults:
            raise WrongSettings(faults, rest)
        return rest

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read files that variables name before the variables, which are then empty at most."""
        del dotenv_settings, file_secret_settings
        return init_settings, SecretFiles(settings_cls, names), env_settings

    @model_validator(mode="after")
    def _keep_out_of_logs(self) -> Self:
        """Whatever reads the settings knows their secrets, so no line of its log may tell them."""
        values = (getattr(self, name) for name in type(self).model_fields)
        secrets_read = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        redact.conceal(*secrets_read, self.broker_url, self.database_url, self.lake_url, self.iceberg_uri)
        return self

    def make_home(self) -> Path:
        """Make the folder of the embedded state, for its owner alone; raises Misconfigured."""
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unusable(self.home, error.strerror or str(error)) from error
        if not os.access(self.home, os.W_OK | os.X_OK):
            raise _unusable(self.home, "it may not be written")
        return self.home

    def kept_secret(self, name: str) -> str:
        """Give a secret that is made once and kept in `home`, readable for its owner alone."""
        path = self.make_home() / name
        if not path.is_file():
            draft = path.with_name(f"{name}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
            with suppress(FileExistsError):  # the first writer wins
                path.hardlink_to(draft)
            draft.unlink()
        secret = path.read_text()
        redact.conceal(secret)
        return secret

    @cached_property
    def exporting(self) -> tracing.Exporting:
        """Where spans go."""
        exporter = self.trace_exporter or ("otlp" if self.otlp_endpoint else "none")
        return tracing.Exporting(exporter, self.trace_ratio)

    @cached_property
    def broker(self) -> str:
        """URL of the Redis that is given; empty where none is."""
        by_host = f"redis://{self.redis_host}:{self.redis_port}/0" if self.redis_host else ""
        return with_password(self.broker_url or by_host, self.broker_password)

    @cached_property
    def database(self) -> str:
        url = with_password(self.database_url, self.database_password)
        return url or f"sqlite:///{self.home / 'state.sqlite'}"

    @cached_property
    def lake(self) -> str:
        return self.lake_url or str(self.home / "lake")

    @cached_property
    def bundle(self) -> Path:
        """Of Astra."""
        return self.astra_bundle or self.home / f"secure-connect-{self.astra_id}.zip"


def names(field: str) -> Sequence[str]:
    """Give the names that the environment has for a field, the first to count first."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [alias] if isinstance(alias, str) else [f"ESG_{field.upper()}"]


def variable(field: str) -> str:
    """Name a field as the environment does: by each of its names."""
    return " or ".join(names(field))


def with_password(url: str, password: SecretStr) -> str:
    """Put a password into a URL that has none."""
    secret, parts = password.get_secret_value(), urlsplit(url)
    if not secret or not parts.hostname or parts.password is not None:
        return url
    user, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(secret, safe='')}@{place}"))


def _wrong(error: ValidationError) -> dict[str, str]:
    """Say which settings are wrong, each by its name in the environment."""
    return {variable(str(found["loc"][0])): _told(found["msg"]) for found in error.errors()}


def _without_unreadable(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Part the values from the files that could not be read, and say what is wrong with these."""
    faults = {value.variable: value.why for value in values.values() if isinstance(value, Unreadable)}
    return {name: value for name, value in values.items() if not isinstance(value, Unreadable)}, faults


def _without(values: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Leave out what the environment, or a caller, says of some fields."""
    left_out = {name for field in fields for name in (field, *names(field))}
    return {name: value for name, value in values.items() if name not in left_out}


def _told(message: str) -> str:
    """Leave out how pydantic introduces the words of our own validators."""
    return message.removeprefix("Value error, ")


def _unusable(home: Path, why: str) -> Misconfigured:
    return Misconfigured(
        f"ESG_HOME is {home}, which cannot be used: {why}.", next_step="Set it to a folder of your own."
    )
