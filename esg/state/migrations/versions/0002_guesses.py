"""What was read of company and year stays known beside what someone gave."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("guessed_company", sa.Text(), nullable=True))
    op.add_column("documents", sa.Column("guessed_year", sa.Integer(), nullable=True))
