"""What tasks count. Labels are stages, queues and outcomes, never ids (DESIGN §4).

In a prefork worker each child writes to `PROMETHEUS_MULTIPROC_DIR`; the main process serves the sums
(workers/bootsteps/metrics.py).
"""

import time
from contextlib import suppress
from datetime import UTC, datetime

from prometheus_client import Counter, Gauge, Histogram

from esg.embed import CachedEmbedder
from esg.errors import EsgError
from esg.index import VectorStore
from esg.state import Claimed, Embedded, Ingested, Outcome, Scored, State
from esg.tally import Tally

TASK_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
WAIT_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)
SUBMISSION_BUCKETS = (0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)

TASK_SECONDS = Histogram(
    "esg_task_seconds", "Time in a task, from claim to commit.", ("stage", "outcome"), buckets=TASK_BUCKETS
)
TASK_WAIT = Histogram(
    "esg_task_wait_seconds", "Time between a task's turn and its claim.", ("stage",), buckets=WAIT_BUCKETS
)
TASKS_RUNNING = Gauge("esg_tasks_running", "Tasks under way.", ("stage",), multiprocess_mode="livesum")
SUBMISSIONS = Counter("esg_submissions_total", "Tasks called by hand or by beat, accepted.", ("task",))

DOCUMENTS = Counter("esg_documents_total", "Documents that came to an end.", ("outcome",))
for _outcome in ("scored", "rejected", "failed"):  # a counter that begins at one hides its first increase
    DOCUMENTS.labels(_outcome)
SUBMISSION_SECONDS = Histogram(
    "esg_submission_seconds", "Time from a submission to its scorecard.", buckets=SUBMISSION_BUCKETS
)
PAGES = Counter("esg_pages_total", "Pages read.")
CHUNKS = Counter("esg_chunks_total", "Chunks made.")
CHUNKS_EMBEDDED = Counter("esg_chunks_embedded_total", "Chunks whose vectors are in the lake.")
CACHE_HITS = Counter("esg_embed_cache_hits_total", "Texts whose vector was known.")
CACHE_MISSES = Counter("esg_embed_cache_misses_total", "Texts that had to be embedded.")
SCORE_LATENCY = Histogram(
    "esg_score_latency_seconds",
    "Time from a document's turn to be scored to its scorecard.",
    buckets=TASK_BUCKETS,
)
PARITY_BREAKS = Counter("esg_parity_break_total", "Scorecards that quote outside what was retrieved.")
INDEX_SIZE = Gauge("esg_vector_index_size", "Vectors in the store.", multiprocess_mode="mostrecent")

GOLD_WRITTEN = Counter("esg_gold_scorecards_written_total", "Scorecards written to the tables of gold.")
GOLD_FILES_JOINED = Counter(
    "esg_gold_files_joined_total", "Small files of gold that compaction did away with."
)

WATSONX_REQUESTS = Counter(
    "esg_watsonx_requests_total", "Requests to watsonx.ai, each attempt.", ("operation", "outcome")
)
WATSONX_TOKENS = Counter(
    "esg_watsonx_tokens_total", "Tokens that watsonx.ai read and wrote.", ("operation", "direction")
)
WATSONX_THROTTLED = Counter("esg_watsonx_throttled_total", "Requests that watsonx.ai was too busy for.")
WATSONX_WAITED = Counter(
    "esg_watsonx_waited_seconds_total", "Time spent waiting for a turn within the limits of watsonx.ai."
)
WATSONX_SECONDS = Histogram(
    "esg_watsonx_request_seconds", "Time of a request to watsonx.ai.", ("operation",), buckets=TASK_BUCKETS
)

HINTS_PUBLISHED = Counter("esg_hints_published_total", "Messages sent to the broker.", ("queue",))
PUBLISH_ERRORS = Counter("esg_publish_errors_total", "Times the broker did not take a message.")
MESSAGES_REFUSED = Counter(
    "esg_messages_refused_total", "Messages that are not the fleet's, or make no sense.", ("reason",)
)
SWEPT = Counter("esg_swept_total", "Stage runs the sweeper took care of.", ("reason",))
BROKER_REBUILDS = Counter("esg_broker_rebuilds_total", "Times the broker had lost its data.")

BEAT_LAST_RUN = Gauge(
    "esg_beat_last_run_timestamp", "When beat's canary came through last.", multiprocess_mode="max"
)
CANARY_SECONDS = Gauge(
    "esg_canary_seconds", "How long beat's canary took to come through.", multiprocess_mode="mostrecent"
)

INDEX_SIZE_SECONDS = 60.0


def count(outcome: Outcome, claimed: Claimed, state: State) -> None:
    """Count what a stage run brought."""
    match outcome:
        case Ingested(document, chunks):
            PAGES.inc(document.pages)
            CHUNKS.inc(chunks)
        case Embedded(chunks):
            CHUNKS_EMBEDDED.inc(chunks)
        case Scored():
            DOCUMENTS.labels("scored").inc()
            _count_waiting(claimed, state)


def _count_waiting(claimed: Claimed, state: State) -> None:
    """How long the scorecard was waited for: since its turn, and by each who had asked for the report."""
    since = claimed.enqueued_at or claimed.started_at
    SCORE_LATENCY.observe(max(0.0, (datetime.now(UTC) - since).total_seconds()))
    with suppress(EsgError):  # the scorecard is written: a database that is away now loses a figure alone
        for seconds in state.seconds_to_scorecard(claimed):
            SUBMISSION_SECONDS.observe(seconds)


def count_calls(calls: Tally) -> None:
    """Count what was asked of watsonx.ai since the last look, by whichever thread."""
    counts = calls.take()
    for (operation, outcome), requests in counts.requests.items():
        WATSONX_REQUESTS.labels(operation, outcome).inc(requests)
        WATSONX_THROTTLED.inc(requests if outcome == "throttled" else 0)
    for (operation, direction), tokens in counts.tokens.items():
        WATSONX_TOKENS.labels(operation, direction).inc(tokens)
    for operation, observed in counts.seconds.items():
        for seconds in observed:
            WATSONX_SECONDS.labels(operation).observe(seconds)
    WATSONX_WAITED.inc(counts.waited)


class CacheCount:
    """Turns an embedder's running totals into what was added since the last look."""

    def __init__(self) -> None:
        self._hits = self._misses = 0

    def look(self, embedder: CachedEmbedder) -> None:
        CACHE_HITS.inc(embedder.hits - self._hits)
        CACHE_MISSES.inc(embedder.misses - self._misses)
        self._hits, self._misses = embedder.hits, embedder.misses


class IndexSize:
    """How many vectors there are, looked up now and then: counting them goes over all documents."""

    def __init__(self) -> None:
        self._due = 0.0

    def look(self, store: VectorStore) -> None:
        if time.monotonic() >= self._due:
            INDEX_SIZE.set(store.size())
            self._due = time.monotonic() + INDEX_SIZE_SECONDS
