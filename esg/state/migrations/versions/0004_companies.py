"""A register of companies, and the one that each document is of."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import KEY, NAME, Moment, Prose

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "companies",
        sa.Column("slug", KEY, primary_key=True),
        sa.Column("name", Prose, nullable=False),
        sa.Column("sector", Prose, nullable=False, server_default=""),
        sa.Column("country", NAME, nullable=False, server_default=""),
        sa.Column("lei", NAME, nullable=True),
        sa.Column("fiscal_year_end", NAME, nullable=False, server_default=""),
        sa.Column("domain", Prose, nullable=False, server_default=""),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("updated_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_companies"),
        sa.UniqueConstraint("lei", name="uq_companies_lei"),
    )
    op.create_table(
        "company_names",
        sa.Column("key", Prose, primary_key=True),
        sa.Column("bare", Prose, nullable=False),
        sa.Column("company_slug", KEY, nullable=False),
        sa.Column("name", Prose, nullable=False),
        sa.Column("place", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("key", name="pk_company_names"),
        sa.ForeignKeyConstraint(["company_slug"], ["companies.slug"], name="fk_company_names_company_slug"),
    )
    op.create_index("ix_company_names_bare", "company_names", ["bare"])
    op.create_index("ix_company_names_company_slug", "company_names", ["company_slug"])
    for name, kind in (("lei", NAME), ("registered", KEY), ("matched_by", NAME)):
        op.add_column("documents", sa.Column(name, kind, nullable=False, server_default=""))
