"""API keys, and the documents of each tenant as it knows them."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import ID, KEY, NAME, Moment, Prose

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("sha256", ID, nullable=False),
        sa.Column("name", Prose, nullable=False),
        sa.Column("tenant", NAME, nullable=True),
        sa.Column("scopes", KEY, nullable=False),
        sa.Column("rate_per_minute", sa.Integer, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.Column("used_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_table(
        "holdings",
        sa.Column("tenant", NAME, primary_key=True),
        sa.Column("document_id", ID, primary_key=True),
        sa.Column("source", Prose, nullable=False, server_default=""),
        sa.Column("company", Prose, nullable=False, server_default=""),
        sa.Column("company_slug", KEY, nullable=False, server_default=""),
        sa.Column("company_guessed", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("year", sa.Integer, nullable=True),
        sa.Column("year_guessed", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("registered", KEY, nullable=False, server_default=""),
        sa.Column("matched_by", NAME, nullable=False, server_default=""),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "document_id", name="pk_holdings"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_holdings_document_id"),
    )
    op.create_index("ix_holdings_document_id", "holdings", ["document_id"])
    op.create_index("ix_holdings_tenant_company_slug_year", "holdings", ["tenant", "company_slug", "year"])
    op.create_index("ix_jobs_tenant_created_at", "jobs", ["tenant", "created_at"])
