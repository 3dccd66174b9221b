"""What was asked of paid services, by day, run and model, and what it cost."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import KEY, NAME

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage",
        sa.Column("day", NAME, primary_key=True),
        sa.Column("run", KEY, primary_key=True),
        sa.Column("model", KEY, primary_key=True),
        sa.Column("requests", sa.Integer, nullable=False, server_default="0"),
        sa.Column("tokens_read", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("tokens_written", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("micros", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("day", "run", "model", name="pk_usage"),
    )
    op.create_index("ix_usage_run", "usage", ["run"])
