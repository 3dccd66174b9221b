"""Which edition of the register stands, so that a process reads it again only when it has changed.

What a worker of before imports while new ones run is seen by these after the next import.
"""

import sqlalchemy as sa
from alembic import op

from esg.state.schema import NAME

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_edition",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("edition", NAME, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_register_edition"),
    )
