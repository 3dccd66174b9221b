"""What a fired slot of the schedule opened."""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import ID

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("schedule_fires", sa.Column("stage_run_id", ID, nullable=True))
