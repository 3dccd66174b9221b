"""Settings, read once from `ESG_*` (and the user's own names) and passed in; never imported as a global."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

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
from pydantic_settings import BaseSettings, SettingsConfigDict

from esg.errors import Misconfigured

VISIBILITY_TIMEOUT_SECONDS = (
    1500  # more than twice the longest hard limit, the same in every client (FLEET §2)
)
DEFAULT_REDIS_PORT = 6379
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

Port = Annotated[int, Field(ge=0, le=65535)]


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

    # -- the parts and what they are replaced by (DESIGN §3)
    broker_url: str = Field("", description="Redis of the fleet; empty starts an embedded one.")
    redis_host: str = Field(
        "",
        validation_alias=AliasChoices("ESG_REDIS_HOST", "REDIS_HOST"),
        description="The same by host and port, for a Redis without a password.",
    )
    redis_port: Port = Field(
        DEFAULT_REDIS_PORT,
        validation_alias=AliasChoices("ESG_REDIS_PORT", "REDIS_PORT"),
        description="Used with `REDIS_HOST` only.",
    )
    database_url: str = Field("", description="SQLAlchemy URL; empty is SQLite in `ESG_HOME`.")
    lake_url: str = Field(
        "",
        validation_alias=AliasChoices("ESG_LAKE_URL", "PARQUET_BASE_PATH"),
        description="Folder or s3:// URL; empty is a folder in `ESG_HOME`.",
    )
    vector_store: str = Field(
        "duckdb", description="`duckdb`, `memory` (each process its own), or package.module:function."
    )
    embedder: str = Field("local", description="`local` or package.module:function.")
    judge: str = Field("local", description="`local` or package.module:function.")
    rubric: str = Field("maturity", description="Id of a shipped rubric or path of a rubric file.")

    # -- fetching and parsing: what hostile input may cost
    max_document_bytes: int = Field(200 * 1024 * 1024, description="A larger report is rejected.")
    fetch_timeout_seconds: float = Field(60.0, description="What fetching a URL may take in all.")
    fetch_allow_private: bool = Field(False, description="Let URLs lead to private addresses (tests only).")
    max_pages: int = Field(2000, description="A report with more pages is rejected.")
    parse_timeout_seconds: float = Field(600.0, description="What reading a report may take.")
    parse_memory_bytes: int = Field(4 * 1024**3, description="What reading a report may take of memory.")
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
    metrics_host: str = Field("127.0.0.1", description="Address where a worker serves /metrics.")
    metrics_port: Port = Field(0, description="Its port; 0 picks a free one.")
    max_lost_workers: int = Field(3, description="Deaths after which a document is quarantined as poison.")
    max_retries: int = Field(6, description="Transient failures of a task after which it is quarantined.")
    retry_base_seconds: float = Field(
        2.0, description="The first retry waits up to this long, each further one up to twice as long."
    )
    queue_depth: int = Field(
        4,
        description="Messages out per queue; the rest waits in SQL, where the short overtake the long.",
    )
    embed_batch_chunks: int = Field(64, description="Chunks that one embed task takes.")
    max_backlog: int = Field(10_000, description="Open stage runs above which the API answers 429.")
    api_host: str = Field("127.0.0.1", description="Address where the API listens.")
    api_port: Port = Field(0, description="0 picks a free port, or the one used last.")
    api_trusted_network: bool = Field(
        False, description="Serve beyond loopback without keys: only behind a proxy that authenticates."
    )
    flower_port: Port = Field(0, description="0 picks a free port, or the one used last.")
    flower_password: SecretStr = Field(
        SecretStr(""), description="Password of the user `esg`; empty makes one and keeps it in `ESG_HOME`."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    otlp_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Where spans are sent; needs the extra `otel`.",
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
        try:
            return validate(values)
        except ValidationError as error:
            raise Misconfigured(_wrong(error)) from error

    def make_home(self) -> Path:
        """Make the folder of the embedded state, for its owner alone; raises Misconfigured."""
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unusable(self.home, error.strerror or str(error)) from error
        if not os.access(self.home, os.W_OK | os.X_OK):
            raise _unusable(self.home, "it may not be written")
        return self.home

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'state.sqlite'}"

    @cached_property
    def lake(self) -> str:
        return self.lake_url or str(self.home / "lake")


def _wrong(error: ValidationError) -> str:
    """Say in a line which settings are wrong, each by its name in the environment."""
    return "; ".join(f"{_variable(str(found['loc'][0]))}: {_told(found['msg'])}" for found in error.errors())


def _told(message: str) -> str:
    """Leave out how pydantic introduces the words of our own validators."""
    return message.removeprefix("Value error, ")


def _variable(field: str) -> str:
    """Name a field as the environment does: by each of its names."""
    names = Settings.model_fields[field].validation_alias
    return " or ".join(map(str, names.choices)) if isinstance(names, AliasChoices) else f"ESG_{field.upper()}"


def _unusable(home: Path, why: str) -> Misconfigured:
    return Misconfigured(
        f"ESG_HOME is {home}, which cannot be used: {why}.", next_step="Set it to a folder of your own."
    )
