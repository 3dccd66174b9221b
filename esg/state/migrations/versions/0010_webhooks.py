"""Who is told of a job's end."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import Prose

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("webhook", Prose, nullable=False, server_default=""))
