"""Settings → live adapters: the only module that opens anything, each when it is first asked for.

A worker's child is started, not forked (celeryconfig), yet `resources()` is keyed by process all the same:
an SQLAlchemy engine, a DuckDB connection or an ONNX session must never be shared over a fork (FACTS).
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from importlib import import_module
from threading import Lock
from typing import Protocol, TypeVar

from esg import broker, schedule
from esg.budget import Budgets, Prices
from esg.chunk import VERSION as CHUNK_VERSION
from esg.cores import cores
from esg.domain import Versions
from esg.embed import CachedEmbedder, Embedder, EmbeddingCache, LayeredCache, MemoryCache, SQLiteCache
from esg.embed.redis import RedisCache
from esg.errors import Misconfigured, Rejected
from esg.extract import VERSION as EXTRACT_VERSION
from esg.extract import ParseLimits
from esg.fetch import FetchLimits
from esg.index import VectorStore
from esg.index.cassandra.address import Address, Astra
from esg.kpi import VERSION as KPI_VERSION
from esg.lake import Answers, Lake
from esg.lake.base import GoldTables
from esg.retrieve import VERSION as TERMS_VERSION
from esg.retrieve import Reranker
from esg.rubric import Rubric, load
from esg.rubric import key as keys
from esg.schedule import Entry
from esg.score import FallbackJudge, Judge, LocalJudge
from esg.settings import Settings
from esg.state import QUEUES, Budget, Policy, State
from esg.tally import Tally
from esg.tracing import watched
from esg.watsonx import Account, Limiter, Patience, ProcessLimiter, Rates, RedisLimiter, Session

RECENT_VECTORS = 4096  # kept in the process, 6 MiB: the queries of a rubric and more
MOST_FOR_ONE_REPORT = 4  # processes: a share of the parse is one's alone
WEBHOOK_SECONDS = 10.0  # what one delivery may take in all: whoever is told should not work meanwhile
SCORE_VERSION = "4"  # of retrieve and score; a change scores every document again

VECTORS = ("upsert", "load", "search", "delete", "size")  # calls that are spans, where tracing is on
WATSONX = ("embed", "chat", "rerank")

_lock = Lock()
_of_process: dict[int, "Resources"] = {}


def open_resources(settings: Settings) -> "Resources":
    """Make the resources of `settings`; nothing is opened before it is asked for."""
    return Resources(settings)


def resources() -> "Resources":
    """Return this process's own resources, from its environment."""
    with _lock:
        if os.getpid() not in _of_process:
            _of_process[os.getpid()] = open_resources(Settings())
        return _of_process[os.getpid()]


@dataclass(frozen=True)
class Resources:
    """What a process works with. Safe to share between threads."""

    settings: Settings

    # -- what remembers

    @cached_property
    def state(self) -> State:
        """What happened to each document."""
        policy = _policy(self.settings)
        rubric = keys.key(self.settings.rubric)  # only its name: who neither submits nor scores loads none
        return State.open(
            self.settings.database, replace(policy, pipeline_version=self.pipeline_version, rubric=rubric)
        )

    @cached_property
    def housekeeping(self) -> State:
        """The same for those who submit nothing: it knows no pipeline, so no model is loaded for its name."""
        return State.open(self.settings.database, _policy(self.settings))

    @cached_property
    def lake(self) -> Lake:
        """Originals, pages, chunks, vectors and scorecards."""
        return Lake(self.settings.lake, embedder_id=self.embedder.id)

    @cached_property
    def gold(self) -> GoldTables:
        """The tables of gold, as the night writes them: in a catalog, or as files of the lake."""
        return _iceberg_gold(self.settings) if self.settings.iceberg_uri else _parquet_gold(self.settings)

    @cached_property
    def store(self) -> VectorStore:
        """What `search` asks."""
        open_store = find_opener(STORES, self.settings.vector_store, setting="ESG_VECTOR_STORE")
        return watched(open_store(self.settings, embedder_id=self.embedder.id), "vectors", VECTORS)

    # -- what works

    @cached_property
    def embedder(self) -> CachedEmbedder:
        """The model, behind a cache on this machine; it is loaded by the first text it does not know."""
        embedder = find_opener(EMBEDDERS, self.settings.embedder, setting="ESG_EMBEDDER")(self.settings)
        cache = LayeredCache(MemoryCache(limit=RECENT_VECTORS), _shared_cache(self.settings))
        return CachedEmbedder(watched(embedder, "embedder", ("embed",)), cache)

    @cached_property
    def reranker(self) -> Reranker | None:
        """What puts the passages that a search finds in order; None where that is their own ranking."""
        return find_opener(RERANKERS, self.settings.reranker, setting="ESG_RERANKER")(self.settings)

    @cached_property
    def judge(self) -> Judge:
        """Who decides whether a criterion is met."""
        return find_opener(JUDGES, self.settings.judge, setting="ESG_JUDGE")(self.settings)

    @cached_property
    def rubric(self) -> Rubric:
        """The rubric that is used where nobody asks for another."""
        return self.rubric_of(keys.key(self.settings.rubric))

    def rubric_key(self, id_or_path: str) -> str:
        """Name a rubric as SQL keeps it; raises Misconfigured for one that cannot be used."""
        key = keys.key(id_or_path)
        self.rubric_of(key)
        return key

    def rubric_of(self, key: str) -> Rubric:
        """Load what `rubric_key` named; raises Rejected when its file has changed since."""
        if key not in self._rubrics:
            rubric, now = load(keys.name(key)), keys.key(keys.name(key))
            if now != key:
                raise Rejected(
                    f"The rubric {key} has changed since; it is {now} now.",
                    code="rubric_changed",
                    next_step="Ask for the score again.",
                )
            self._rubrics[key] = rubric
        return self._rubrics[key]

    @cached_property
    def _rubrics(self) -> dict[str, Rubric]:
        """Those in use, by key."""
        return {}

    # -- what limits and names it

    @cached_property
    def schedule(self) -> tuple[Entry, ...]:
        """When nightly work runs."""
        return schedule.read(self.settings.schedule)

    @cached_property
    def fetch_limits(self) -> FetchLimits:
        return FetchLimits(
            max_bytes=self.settings.max_document_bytes,
            timeout_seconds=self.settings.fetch_timeout_seconds,
            allow_private=self.settings.fetch_allow_private,
        )

    @cached_property
    def webhook_secret(self) -> str:
        """What webhooks are signed with: as set, else made once for all processes of this home."""
        return self.settings.webhook_secret.get_secret_value() or self.settings.kept_secret("webhook.secret")

    @cached_property
    def webhook_limits(self) -> FetchLimits:
        return FetchLimits(timeout_seconds=WEBHOOK_SECONDS, allow_private=self.settings.fetch_allow_private)

    @cached_property
    def parse_limits(self) -> ParseLimits:
        return ParseLimits(
            max_pages=self.settings.max_pages,
            timeout_seconds=self.settings.parse_timeout_seconds,
            memory_bytes=self.settings.parse_memory_bytes,
            ocr_pages=self.settings.ocr_max_pages,
            processes=self.settings.parse_processes or 1,
        )

    @cached_property
    def lone_parse_limits(self) -> ParseLimits:
        """Where one report is read at a time: its pages on all processors."""
        processes = self.settings.parse_processes or min(cores(), MOST_FOR_ONE_REPORT)
        return replace(self.parse_limits, processes=processes)

    @cached_property
    def pipeline_version(self) -> str:
        """Name all that decides a scorecard besides the bytes and the rubric; another version scores anew."""
        rooms = {
            "e": EXTRACT_VERSION,
            "c": CHUNK_VERSION,
            "t": TERMS_VERSION,
            "k": KPI_VERSION,
            "s": SCORE_VERSION,
        }
        parts = (*rooms.values(), self.embedder.id, self.judge.id)
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
        return ".".join(f"{room}{version}" for room, version in rooms.items()) + f"-{digest}"

    @cached_property
    def versions(self) -> Versions:
        return Versions(pipeline=self.pipeline_version, embedder=self.embedder.id, judge=self.judge.id)


def _policy(settings: Settings) -> Policy:
    return Policy(
        lease_seconds=settings.lease_seconds,
        requeue_after_seconds=settings.requeue_after_seconds,
        budget=Budget(
            max_retries=settings.max_retries,
            max_lost_workers=settings.max_lost_workers,
            base_seconds=settings.retry_base_seconds,
            outage_seconds=settings.outage_seconds,
        ),
        budgets={
            "control.webhook": Budget(
                max_retries=settings.webhook_retries,
                max_lost_workers=settings.max_lost_workers,
                base_seconds=2 * settings.retry_base_seconds,
            )
        },
        depth=dict.fromkeys(QUEUES, settings.queue_depth),
        trace_ratio=settings.trace_ratio,
    )


def _shared_cache(settings: Settings) -> EmbeddingCache:
    """This machine's file; before it the Redis that machines share, where one is given."""
    file = SQLiteCache(settings.make_home() / "embeddings.sqlite")
    if not settings.vector_cache_seconds or not broker.is_given(settings):
        return file
    client = broker.connect(broker.ensure(settings), is_text=False, retries=0)
    redis = RedisCache(
        client, seconds=settings.vector_cache_seconds, memory_bytes=settings.vector_cache_bytes
    )
    return LayeredCache(file, redis)


# -- watsonx.ai: one session in a process, whoever asks

CALLS = Tally()  # of this process, for whoever counts them


@cache
def open_watsonx(settings: Settings) -> Session:
    """Open the session of `settings`, the same for all who ask; raises Misconfigured."""
    try:
        from esg.tracing.http import Traced
        from esg.watsonx.session import Watsonx
    except ModuleNotFoundError as error:
        raise _without("watsonx", error) from error
    account = Account(
        settings.watsonx_url,
        settings.watsonx_api_key,
        settings.watsonx_project_id,
        settings.watsonx_token_url,
        settings.watsonx_ca_bundle,
    )
    session: Session = Watsonx(
        account,
        limiter=_limiter(settings, account.name),
        budgets=Budgets(
            State.open(settings.database),
            run_usd=settings.watsonx_run_budget_usd,
            day_usd=settings.watsonx_day_budget_usd,
        ),
        prices={
            settings.watsonx_embedding_model: Prices(settings.watsonx_embedding_price),
            settings.watsonx_chat_model: Prices(
                settings.watsonx_chat_price, settings.watsonx_chat_answer_price
            ),
            settings.watsonx_rerank_model: Prices(settings.watsonx_rerank_price),
        },
        patience=Patience(
            settings.watsonx_attempts, settings.watsonx_patience_seconds, settings.watsonx_attempt_seconds
        ),
        tally=CALLS,
        through=Traced,
    )
    return watched(session, "watsonx", WATSONX)


def _limiter(settings: Settings, account: str) -> Limiter:
    """The broker's Redis, where there is one: a process without a fleet starts none for this."""
    rates = Rates(
        settings.watsonx_requests_per_second,
        settings.watsonx_tokens_per_minute,
        settings.watsonx_requests_per_minute,
    )
    if not broker.is_given(settings) and broker.running(settings) is None:
        return ProcessLimiter(rates)
    return RedisLimiter(broker.connect(broker.ensure(settings), retries=1), account, rates)


def _watsonx_embedder(settings: Settings) -> Embedder:
    from esg.embed.watsonx import WatsonxEmbedder

    return WatsonxEmbedder(
        partial(open_watsonx, settings),
        model=settings.watsonx_embedding_model,
        dimensions=settings.watsonx_embedding_dimensions,
        max_tokens=settings.watsonx_max_tokens,
    )


# -- adapters by the name that a setting gives; each is imported when it is asked for


class OpenStore(Protocol):
    def __call__(self, settings: Settings, *, embedder_id: str) -> VectorStore:
        """Open a store that keeps the vectors of one embedder apart from those of any other."""


def _local_embedder(settings: Settings) -> Embedder:
    del settings
    from esg.embed.local import LocalEmbedder

    return LocalEmbedder()


def _duckdb_store(settings: Settings, *, embedder_id: str) -> VectorStore:
    from esg.index.duckdb import DuckDBStore

    return DuckDBStore(settings.lake, embedder_id=embedder_id, memory_bytes=settings.search_memory_bytes)


def _memory_store(settings: Settings, *, embedder_id: str) -> VectorStore:
    del settings, embedder_id
    from esg.index.memory import MemoryStore

    return MemoryStore()


def _parquet_gold(settings: Settings) -> GoldTables:
    from esg.lake.parquet import ParquetGold

    return ParquetGold(settings.lake)


def _iceberg_gold(settings: Settings) -> GoldTables:
    try:
        from esg.lake.iceberg import IcebergGold, Place
    except ModuleNotFoundError as error:
        raise _without("iceberg", error) from error
    return IcebergGold(
        Place(
            uri=settings.iceberg_uri,
            warehouse=settings.iceberg_warehouse,
            namespace=settings.iceberg_namespace,
            credential=settings.iceberg_credential.get_secret_value(),
            oauth_url=settings.iceberg_oauth_url,
            token=settings.iceberg_token.get_secret_value(),
            s3_endpoint=settings.iceberg_s3_endpoint,
            authority=str(settings.iceberg_ca or ""),
        )
    )


def _cassandra_store(settings: Settings, *, embedder_id: str) -> VectorStore:
    try:
        from esg.index.cassandra.store import CassandraStore
    except ModuleNotFoundError as error:
        raise _without("cassandra", error) from error
    return CassandraStore(cassandra_address(settings), embedder_id=embedder_id)


def cassandra_address(settings: Settings) -> Address:
    """Put together where the keyspace is: on Astra if there is a token, else on the hosts."""
    token = settings.astra_token.get_secret_value()
    return Address(
        keyspace=settings.cassandra_keyspace,
        hosts=tuple(settings.cassandra_hosts.replace(",", " ").split()),
        port=settings.cassandra_port,
        user=settings.cassandra_user,
        password=settings.cassandra_password.get_secret_value(),
        authority=settings.cassandra_ca,
        datacentre=settings.cassandra_datacentre,
        replicas=settings.cassandra_replicas,
        timeout_seconds=settings.cassandra_timeout_seconds,
        astra=Astra(settings.bundle, token, settings.astra_id, settings.astra_region) if token else None,
    )


def _without(extra: str, error: ModuleNotFoundError) -> Misconfigured:
    return Misconfigured(
        f"{error.name} is not installed.", next_step=f"Install it: pip install 'esg-engine[{extra}]'"
    )


def _local_judge(settings: Settings) -> Judge:
    del settings
    return LocalJudge()


def _watsonx_judge(settings: Settings) -> Judge:
    """Ask the model where the cues leave something open; the local judge stands in where it is away."""
    from esg.score.chat import ChatJudge

    asked = ChatJudge(
        partial(open_watsonx, settings),
        Answers(settings.lake),
        "watsonx",
        settings.watsonx_chat_model,
        passages=settings.watsonx_judge_passages,
        max_tokens=settings.watsonx_chat_max_tokens,
    )
    return FallbackJudge(asked, LocalJudge())


EMBEDDERS: Mapping[str, Callable[[Settings], Embedder]] = {
    "local": _local_embedder,
    "watsonx": _watsonx_embedder,
}
STORES: Mapping[str, OpenStore] = {
    "duckdb": _duckdb_store,
    "cassandra": _cassandra_store,
    "memory": _memory_store,
}


def _watsonx_reranker(settings: Settings) -> Reranker:
    from esg.retrieve.watsonx import WatsonxReranker

    return WatsonxReranker(partial(open_watsonx, settings), model=settings.watsonx_rerank_model)


RERANKERS: Mapping[str, Callable[[Settings], Reranker | None]] = {
    "none": lambda _: None,
    "watsonx": _watsonx_reranker,
}
JUDGES: Mapping[str, Callable[[Settings], Judge]] = {"local": _local_judge, "watsonx": _watsonx_judge}

Opener = TypeVar("Opener")


def find_opener(openers: Mapping[str, Opener], name: str, *, setting: str) -> Opener:
    """Find what opens the adapter `name`: one of `openers`, or `package.module:function` from elsewhere.

    Raises Misconfigured.
    """
    if name in openers:
        return openers[name]
    module, _, function = name.partition(":")
    choice = (
        f"Set {setting} to {' or '.join(openers)}, or to the opener of an adapter as package.module:function."
    )
    if not module or not function:
        raise Misconfigured(f"{setting} is '{name}', which is not known.", next_step=choice)
    try:
        opener: Opener = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise Misconfigured(f"{setting} is '{name}', but {error}.", next_step=choice) from error
    return opener
