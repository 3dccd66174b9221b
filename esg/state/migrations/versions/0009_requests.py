"""Requests under a key of their caller's, and what they were answered."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import ID, KEY, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("caller", KEY, primary_key=True),
        sa.Column("key", KEY, primary_key=True),
        sa.Column("fingerprint", ID, nullable=False),
        sa.Column("seed", ID, nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True)),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_requests"),
    )
    op.create_index("ix_requests_created_at", "requests", ["created_at"])
