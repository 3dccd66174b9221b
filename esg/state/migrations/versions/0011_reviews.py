"""What analysts say of levels, quotes and figures."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import ID, KEY, NAME, Moment, Prose

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("tenant", NAME, nullable=False, server_default="public"),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", KEY, nullable=False),
        sa.Column("verdict", NAME, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("corrected", sa.JSON, nullable=False),
        sa.Column("note", Prose, nullable=False, server_default=""),
        sa.Column("author", Prose, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_reviews_document_id"),
    )
    op.create_index("ix_reviews_document_id", "reviews", ["document_id"])
