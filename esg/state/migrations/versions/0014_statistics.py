"""What SQLite should know of the tables: that a state says little, and a document or a run much.

Without statistics it takes every index to be as selective as any other, and looked for the runs of a
document among all that are running: a statement that took ten times as long with ten times the documents.
Its own ANALYZE would find empty tables here, and later whatever the fleet is at; so the numbers are written,
which SQLite provides for (https://www.sqlite.org/fileformat2.html#stat1tab). PostgreSQL keeps its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# rows of the table, then rows with the same first column of the index, with the same first two, …
STATISTICS = {
    ("runs", "ix_runs_state_stage"): "1000000 250000 100000",
    ("jobs", "ix_jobs_state_created_at"): "1000000 250000 1",
    ("jobs", "ix_jobs_tenant_created_at"): "1000000 100000 1",
    ("stage_runs", "ix_stage_runs_state_queue_turn_created_at"): "5000000 1000000 250000 100 1",
    ("stage_runs", "ix_stage_runs_state_task_finished_at"): "5000000 1000000 250000 1",
    ("dead_letters", "ix_dead_letters_state_last_seen"): "100000 40000 1",
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ANALYZE schema_floor")  # makes the table of statistics
    insert = sa.text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)")
    for (table, index), rows in STATISTICS.items():
        op.execute(insert.bindparams(tbl=table, idx=index, stat=rows))
    op.execute("ANALYZE sqlite_schema")  # reads it
