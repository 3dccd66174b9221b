"""The oldest code that may work on these tables, so that old workers go on while new ones start."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import NAME

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    floor = op.create_table(
        "schema_floor",
        sa.Column("revision", NAME, primary_key=True),
        sa.PrimaryKeyConstraint("revision", name="pk_schema_floor"),
    )
    op.bulk_insert(floor, [{"revision": "0012"}])
