"""Sources that are looked at again, what each lists, and whose turn it is at a host."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import ID, KEY, NAME, Moment, Prose

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("location", Prose, nullable=False, server_default=""),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("every_seconds", sa.Integer, nullable=False, server_default="0"),
        sa.Column("pages", sa.JSON, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", Prose, nullable=False, server_default=""),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("next_scan", Moment, nullable=False),
        sa.Column("begun_at", Moment),
        sa.Column("listed_at", Moment),
        sa.Column("succeeded_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_table(
        "source_items",
        sa.Column("source_id", ID, primary_key=True),
        sa.Column("key", ID, primary_key=True),
        sa.Column("url", Prose, nullable=False, server_default=""),
        sa.Column("listed_in", Prose, nullable=False, server_default=""),
        sa.Column("company", Prose, nullable=False, server_default=""),
        sa.Column("year", sa.Integer),
        sa.Column("version", Prose, nullable=False, server_default=""),
        sa.Column("fetched_version", Prose, nullable=False, server_default=""),
        sa.Column("etag", Prose, nullable=False, server_default=""),
        sa.Column("last_modified", Prose, nullable=False, server_default=""),
        sa.Column("document_id", ID, nullable=False, server_default=""),
        sa.Column("error", Prose, nullable=False, server_default=""),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("checked_at", Moment),
        sa.Column("gone_at", Moment),
        sa.PrimaryKeyConstraint("source_id", "key", name="pk_source_items"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_source_items_source_id"),
    )
    op.create_table(
        "host_turns",
        sa.Column("host", KEY, primary_key=True),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_turns"),
    )
