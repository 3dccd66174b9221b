"""The tables. SQL is the truth: what is not here did not happen (DESIGN §2).

Migrations create them; `tests/contract/test_state_migrations.py` holds both to be the same.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

REVISION = "0015"  # the newest migration; revisions are numbers, so a newer database is told from an older
CONTRACTS: dict[str, str] = {}  # migration that takes away → the release that last needed what it takes


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, `timestamptz` in PostgreSQL, sortable text in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Prose(sa.TypeDecorator[str]):
    """Text from outside: what PostgreSQL or UTF-8 cannot hold (NUL, lone surrogates) is replaced."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


class Word(sa.TypeDecorator[str]):
    """A short word of ours; a StrEnum is written as its value (psycopg would write its name)."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)


ID, NAME, KEY = Word(64), Word(64), Word(200)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, kind: Any = NAME) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default="")


def _count(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, Moment, nullable=False)


documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("tenant", NAME, nullable=False, server_default="public"),
    _text("source", Prose),
    _text("media_type"),
    sa.Column("size_bytes", sa.BigInteger, nullable=False, server_default="0"),
    _text("company", Prose),
    _text("company_slug", KEY),
    sa.Column("company_guessed", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("year", sa.Integer),
    sa.Column("year_guessed", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("guessed_company", Prose),  # what was read, "" where nothing was; NULL until it has been read
    sa.Column("guessed_year", sa.Integer),
    _text("lei"),  # that it prints of itself
    _text("registered", KEY),  # slug of the company of the register that it was matched to
    _text("matched_by"),
    _count("pages"),
    _text("language"),
    _text("title", Prose),
    sa.Column("run_id", ID),  # the latest run; no foreign key: runs point here
    _moment("created_at"),
    _moment("updated_at"),
    sa.Index(None, "company_slug", "year"),
    sa.Index(None, "created_at"),
)

holdings = sa.Table(  # documents as a tenant knows them; the operator's own words stand in `documents`
    "holdings",
    metadata,
    sa.Column("tenant", NAME, primary_key=True),
    sa.Column("document_id", ID, sa.ForeignKey("documents.id"), primary_key=True),
    _text("source", Prose),
    _text("company", Prose),
    _text("company_slug", KEY),
    sa.Column("company_guessed", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("year", sa.Integer),
    sa.Column("year_guessed", sa.Boolean, nullable=False, server_default=sa.true()),
    _text("registered", KEY),
    _text("matched_by"),
    sa.Column("run_id", ID),
    _moment("created_at"),
    _moment("updated_at"),
    sa.Index(None, "document_id"),
    sa.Index(None, "tenant", "company_slug", "year"),
)

companies = sa.Table(
    "companies",
    metadata,
    sa.Column("slug", KEY, primary_key=True),
    sa.Column("name", Prose, nullable=False),
    _text("sector", Prose),
    _text("country"),
    sa.Column("lei", NAME, unique=True),  # NULL where it is not known
    _text("fiscal_year_end"),
    _text("domain", Prose),
    _moment("created_at"),
    _moment("updated_at"),
)

company_names = sa.Table(
    "company_names",
    metadata,
    sa.Column("key", Prose, primary_key=True),  # with its legal form: esg/register/names.py
    sa.Column("bare", Prose, nullable=False, index=True),  # without it
    sa.Column("company_slug", KEY, sa.ForeignKey("companies.slug"), nullable=False, index=True),
    sa.Column("name", Prose, nullable=False),
    _count("place"),  # among the company's names: 0 is its own, the rest are aliases
)

register_edition = sa.Table(  # one row, or none before a register was imported
    "register_edition",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("edition", NAME, nullable=False),  # another one after each import
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("document_id", ID, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("pipeline_version", KEY, nullable=False),
    sa.Column("rubric", KEY, nullable=False),
    sa.Column("state", NAME, nullable=False),
    _text("stage"),
    _text("reason_code"),
    _text("reason", Prose),
    _text("trace", KEY),
    _moment("created_at"),
    sa.Column("finished_at", Moment),
    sa.UniqueConstraint("document_id", "pipeline_version", "rubric"),
    sa.Index(None, "state", "stage"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("tenant", NAME, nullable=False, server_default="public"),
    _text("source", Prose),
    sa.Column("document_id", ID, sa.ForeignKey("documents.id")),
    sa.Column("run_id", ID, sa.ForeignKey("runs.id")),
    sa.Column("company", Prose),
    sa.Column("year", sa.Integer),
    sa.Column("rubric", KEY, nullable=False),
    sa.Column("force", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("state", NAME, nullable=False),
    _text("reason_code"),
    _text("reason", Prose),
    sa.Column("reused", sa.Boolean, nullable=False, server_default=sa.false()),
    _text("webhook", Prose),  # URL that is told of its end
    _text("trace", KEY),
    _moment("created_at"),
    sa.Column("finished_at", Moment),
    sa.Index(None, "run_id", "state"),
    sa.Index(None, "state", "created_at"),
    sa.Index(None, "created_at"),
    sa.Index(None, "tenant", "created_at"),
)

stage_runs = sa.Table(
    "stage_runs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("task", NAME, nullable=False),
    sa.Column("queue", NAME, nullable=False),
    sa.Column("subject", KEY, nullable=False),  # document id, else job id or what the task is about
    sa.Column("pipeline_version", KEY, nullable=False),
    sa.Column("rubric", KEY, nullable=False),  # "" before score: what is prepared serves every rubric
    sa.Column("batch", sa.Integer, nullable=False),
    sa.Column("document_id", ID, sa.ForeignKey("documents.id")),
    sa.Column("run_id", ID, sa.ForeignKey("runs.id")),
    sa.Column("args", sa.JSON, nullable=False),
    _text("trace", KEY),
    sa.Column("state", NAME, nullable=False),
    sa.Column("turn", sa.BigInteger, nullable=False),  # place in the round-robin over runs: turns.py
    _count("epoch"),
    _count("attempts"),
    _count("retries"),
    _count("lost"),
    sa.Column("away_since", Moment),  # since when a server that it needs has been away
    sa.Column("not_before", Moment),
    _text("lease_owner", KEY),
    sa.Column("lease_until", Moment),
    sa.Column("hinted_at", Moment),
    _count("hints"),
    _text("worker", KEY),
    _text("error_code"),
    _text("error", Prose),
    _text("traceback", Prose),
    _count("pages"),
    _count("chunks"),
    _count("batches"),
    _moment("created_at"),
    sa.Column("enqueued_at", Moment),
    sa.Column("started_at", Moment),
    sa.Column("finished_at", Moment),
    sa.UniqueConstraint("subject", "task", "pipeline_version", "rubric", "batch"),
    sa.Index(None, "state", "queue", "turn", "created_at"),
    sa.Index(None, "state", "task", "finished_at"),
)

scorecards = sa.Table(
    "scorecards",
    metadata,
    sa.Column("document_id", ID, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("pipeline_version", KEY, primary_key=True),
    sa.Column("rubric", KEY, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("overall", sa.Float, nullable=False),
    sa.Column("grade", NAME, nullable=False),
    sa.Column("sha256", ID, nullable=False),
    _moment("created_at"),
    sa.Index(None, "document_id", "created_at"),
)

company_years = sa.Table(
    "company_years",
    metadata,
    sa.Column("company_slug", KEY, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("pipeline_version", KEY, primary_key=True),
    sa.Column("rubric", KEY, primary_key=True),
    sa.Column("id", ID, nullable=False),  # of the documents it was judged on
    _count("documents"),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("overall", sa.Float, nullable=False),
    sa.Column("grade", NAME, nullable=False),
    sa.Column("sha256", ID, nullable=False),
    _moment("created_at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("stage_run_id", ID, sa.ForeignKey("stage_runs.id"), nullable=False),
    sa.Column("task", NAME, nullable=False),
    sa.Column("queue", NAME, nullable=False),
    _text("trace", KEY),
    _moment("created_at"),
    sa.Column("taken_until", Moment),
    sa.UniqueConstraint("stage_run_id"),
    sqlite_autoincrement=True,
)

dead_letters = sa.Table(
    "dead_letters",
    metadata,
    sa.Column("stage_run_id", ID, sa.ForeignKey("stage_runs.id"), primary_key=True),
    sa.Column("state", NAME, nullable=False),  # open, retried, dropped
    sa.Column("kind", NAME, nullable=False),  # rejected or failed: what became of the run
    sa.Column("reason_code", NAME, nullable=False),
    _text("reason", Prose),
    sa.Column("task", NAME, nullable=False),
    sa.Column("stage", NAME, nullable=False),
    sa.Column("subject", KEY, nullable=False),
    sa.Column("document_id", ID),
    sa.Column("args", sa.JSON, nullable=False),
    _text("trace", KEY),
    _text("traceback", Prose),
    _text("worker", KEY),
    _count("attempts"),
    _count("times"),
    _moment("first_seen"),
    _moment("last_seen"),
    sa.Index(None, "state", "last_seen"),
)

schedule_fires = sa.Table(
    "schedule_fires",
    metadata,
    sa.Column("schedule", KEY, primary_key=True),
    sa.Column("slot", Moment, primary_key=True),
    _moment("fired_at"),
    sa.Column("stage_run_id", ID),  # what it opened; no foreign key: the record may outlive it
)

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", NAME, nullable=False),
    _text("location", Prose),
    sa.Column("options", sa.JSON, nullable=False),
    _count("every_seconds"),
    sa.Column(
        "pages", sa.JSON, nullable=False
    ),  # {URL of a page of the listing: [etag, last_modified, further]}
    _count("failures"),
    _text("error", Prose),
    _moment("created_at"),
    _moment("next_scan"),
    sa.Column("begun_at", Moment),  # of the scan under way
    sa.Column("listed_at", Moment),
    sa.Column("succeeded_at", Moment),
)

source_items = sa.Table(
    "source_items",
    metadata,
    sa.Column("source_id", ID, sa.ForeignKey("sources.id"), primary_key=True),
    sa.Column("key", ID, primary_key=True),  # SHA-256 of the URL
    _text("url", Prose),
    _text("listed_in", Prose),
    _text("company", Prose),
    sa.Column("year", sa.Integer),
    _text("version", Prose),  # as listed now
    _text("fetched_version", Prose),
    _text("etag", Prose),
    _text("last_modified", Prose),
    _text("document_id", ID),
    _text("error", Prose),
    _moment("seen_at"),
    sa.Column("checked_at", Moment),
    sa.Column("gone_at", Moment),  # noted; nothing is deleted for it
)

host_turns = sa.Table(
    "host_turns",
    metadata,
    sa.Column("host", KEY, primary_key=True),
    _moment("until"),  # nobody else asks there before
)

usage = sa.Table(
    "usage",
    metadata,
    sa.Column("day", NAME, primary_key=True),  # of UTC, as YYYY-MM-DD
    sa.Column("run", KEY, primary_key=True),  # on whose behalf; "" where on nobody's
    sa.Column("model", KEY, primary_key=True),
    _count("requests"),
    sa.Column("tokens_read", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("tokens_written", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("micros", sa.BigInteger, nullable=False, server_default="0"),  # millionths of a US dollar
    sa.Index(None, "run"),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("caller", KEY, primary_key=True),  # whose key it is; "" where callers are not told apart
    sa.Column("key", KEY, primary_key=True),  # Idempotency-Key
    sa.Column("fingerprint", ID, nullable=False),
    sa.Column("seed", ID, nullable=False),
    sa.Column("answer", sa.JSON(none_as_null=True)),
    _moment("created_at"),
    sa.Index(None, "created_at"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", NAME, primary_key=True),
    sa.Column("sha256", ID, nullable=False),  # of the whole key, which is not kept
    sa.Column("name", Prose, nullable=False),
    sa.Column("tenant", NAME),  # NULL is the operator, who sees everything
    sa.Column("scopes", KEY, nullable=False),  # read, submit, admin, parted by blanks
    sa.Column("rate_per_minute", sa.Integer),  # NULL is what the settings say
    _moment("created_at"),
    sa.Column("revoked_at", Moment),
    sa.Column("used_at", Moment),  # to the minute
)

reviews = sa.Table(  # of analysts, never changed: the newest of a subject is the one that counts
    "reviews",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("tenant", NAME, nullable=False, server_default="public"),
    sa.Column("document_id", ID, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("kind", NAME, nullable=False),  # level, quote, kpi
    sa.Column("subject", KEY, nullable=False),  # theme, evidence id, key of a figure
    sa.Column("verdict", NAME, nullable=False),  # accept, correct, reject
    sa.Column("said", sa.JSON, nullable=False),  # what was reviewed, as it stood
    sa.Column("corrected", sa.JSON, nullable=False),  # what it should say; {} where nothing is corrected
    _text("note", Prose),
    sa.Column("author", Prose, nullable=False),
    _moment("created_at"),
    sa.Index(None, "document_id"),
)

schema_floor = sa.Table(  # one row: the oldest revision whose code may work on these tables
    "schema_floor",
    metadata,
    sa.Column("revision", NAME, primary_key=True),
)
