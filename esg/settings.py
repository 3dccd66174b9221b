"""Settings, read once from `ESG_*` (and the user's own names) and passed in; never imported as a global."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

VISIBILITY_TIMEOUT_SECONDS = (
    900  # more than twice the longest hard limit, the same in every client (FLEET §2)
)


def _default_home() -> Path:
    """State lives beside a checkout, else where the desktop keeps application data."""
    checkout = Path(__file__).resolve().parents[1]
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".esg"
    return Path("~/.local/share/esg").expanduser()


class Settings(BaseSettings):
    """Everything a deployment may change; the defaults need no service, no key and no network."""

    model_config = SettingsConfigDict(env_prefix="ESG_", frozen=True, extra="ignore", populate_by_name=True)

    home: Path = Field(default_factory=_default_home, description="Folder of the embedded state.")

    # -- the parts and what they are replaced by (DESIGN §3)
    broker_url: str = Field("", description="Redis of the fleet; empty starts an embedded one.")
    redis_host: str = Field("", validation_alias=AliasChoices("ESG_REDIS_HOST", "REDIS_HOST"))
    redis_port: int = Field(6379, validation_alias=AliasChoices("ESG_REDIS_PORT", "REDIS_PORT"))
    database_url: str = Field("", description="SQLAlchemy URL; empty is SQLite in `home`.")
    lake_url: str = Field(
        "",
        validation_alias=AliasChoices("ESG_LAKE_URL", "PARQUET_BASE_PATH"),
        description="Folder or s3:// URL; empty is a folder in `home`.",
    )
    vector_store: Literal["duckdb", "memory"] = "duckdb"
    embedder: Literal["local"] = "local"
    judge: Literal["local"] = "local"
    rubric: str = Field("maturity", description="Id of a shipped rubric or path of a rubric file.")

    # -- fetching and parsing: what hostile input may cost
    max_document_bytes: int = 200 * 1024 * 1024
    fetch_timeout_seconds: float = 60.0
    fetch_allow_private: bool = Field(False, description="Let URLs lead to private addresses (tests only).")
    max_pages: int = 2000
    parse_timeout_seconds: float = 240.0
    parse_memory_bytes: int = 4 * 1024**3

    # -- the fleet
    lease_seconds: float = Field(20.0, description="A worker silent for this long has lost its task.")
    requeue_after_seconds: float = Field(30.0, description="A message nobody took for so long is sent again.")
    sweep_seconds: float = Field(2.0, description="How often each worker looks for lost work.")
    drain_seconds: float = Field(20.0, description="What a stopping worker may still finish; then it gives back.")
    inbox: Path | None = Field(None, description="Folder whose new reports are scored by themselves.")
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(0, description="Where a worker serves /metrics; 0 picks a free port.")
    max_lost_workers: int = Field(3, description="Deaths after which a document is quarantined as poison.")
    max_retries: int = 6
    retry_base_seconds: float = 2.0
    embed_batch_chunks: int = 64
    max_backlog: int = Field(10_000, description="Open stage runs above which the API answers 429.")
    api_host: str = "127.0.0.1"
    api_port: int = Field(0, description="0 picks a free port, or the one used last.")
    api_trusted_network: bool = Field(
        False, description="Serve beyond loopback without keys: only behind a proxy that authenticates."
    )
    flower_port: int = 0
    log_level: str = "INFO"
    otlp_endpoint: str = Field("", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    flower_password: SecretStr = SecretStr("")

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'state.sqlite'}"

    @cached_property
    def lake(self) -> str:
        return self.lake_url or str(self.home / "lake")
