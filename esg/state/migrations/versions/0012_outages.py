"""Since when a server that a stage run needs has been away."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stage_runs", sa.Column("away_since", Moment))
