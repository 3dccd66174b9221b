"""Scorecards of a company's year, judged over all its documents."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import ID, KEY, NAME, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company_years",
        sa.Column("company_slug", KEY, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pipeline_version", KEY, primary_key=True),
        sa.Column("rubric", KEY, primary_key=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("documents", sa.Integer, nullable=False, server_default="0"),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("overall", sa.Float, nullable=False),
        sa.Column("grade", NAME, nullable=False),
        sa.Column("sha256", ID, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint(
            "company_slug", "year", "pipeline_version", "rubric", name="pk_company_years"
        ),
    )
