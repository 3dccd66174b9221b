"""Settings, read once from `ESG_*` (and the user's own names) and passed in; never imported as a global."""

from functools import cached_property
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

VISIBILITY_TIMEOUT_SECONDS = (
    1500  # more than twice the longest hard limit, the same in every client (FLEET §2)
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
    redis_host: str = Field(
        "",
        validation_alias=AliasChoices("ESG_REDIS_HOST", "REDIS_HOST"),
        description="The same by host and port, for a Redis without a password.",
    )
    redis_port: int = Field(
        6379,
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

    # -- the fleet
    lease_seconds: float = Field(20.0, description="A worker silent for this long has lost its task.")
    requeue_after_seconds: float = Field(30.0, description="A message nobody took for so long is sent again.")
    sweep_seconds: float = Field(2.0, description="How often each worker looks for lost work.")
    drain_seconds: float = Field(
        20.0, description="What a stopping worker may still finish; then it gives back."
    )
    inbox: Path | None = Field(None, description="Folder whose new reports are scored by themselves.")
    metrics_host: str = Field("127.0.0.1", description="Address where a worker serves /metrics.")
    metrics_port: int = Field(0, description="Its port; 0 picks a free one.")
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
    api_port: int = Field(0, description="0 picks a free port, or the one used last.")
    api_trusted_network: bool = Field(
        False, description="Serve beyond loopback without keys: only behind a proxy that authenticates."
    )
    flower_port: int = Field(0, description="0 picks a free port, or the one used last.")
    flower_password: SecretStr = Field(
        SecretStr(""), description="Password of the user `esg`; empty makes one and keeps it in `ESG_HOME`."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    otlp_endpoint: str = Field(
        "",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="Where spans are sent; needs the extra `otel`.",
    )

    @cached_property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'state.sqlite'}"

    @cached_property
    def lake(self) -> str:
        return self.lake_url or str(self.home / "lake")
