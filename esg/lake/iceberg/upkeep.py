"""Keep the tables fit: few files instead of many, and no history older than is wanted."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from pyiceberg.io import FileIO
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot

from esg.lake.iceberg.write import CONFLICTS, nothing_deleted

log = logging.getLogger(__name__)

FEW = 3  # files of a year that are left as they are
SMALL_BYTES = 32 * 1024**2


def compact(table: Table) -> int:
    """Write each year of many small files as one; returns how many files that spared.

    A year that someone else writes to meanwhile is left for the next time.
    """
    return sum(_compacted(table, year) for year in _scattered(table))


def _scattered(table: Table) -> list[int | None]:
    files = (task.file for task in table.scan().plan_files())
    small = Counter(file.partition[0] for file in files if file.file_size_in_bytes < SMALL_BYTES)
    return [year for year, count in small.items() if count > FEW]


def _compacted(table: Table, year: int | None) -> int:
    table.refresh()
    of_year = "year IS NULL" if year is None else f"year = {year}"
    before = len(list(table.scan(of_year).plan_files()))
    rows = table.scan(of_year).to_arrow()
    try:
        with nothing_deleted():
            table.overwrite(rows.sort_by([("company", "ascending"), ("trace_id", "ascending")]), of_year)
    except CONFLICTS as error:
        log.info("The year %s of %s is compacted another time: %s", year, ".".join(table.name()), error)
        return 0
    return before - len(list(table.scan(of_year).plan_files()))


def expire(table: Table, before: datetime) -> int:
    """Forget snapshots older than `before`, and remove the files that only they knew; returns how many files.

    What is current stays, however old.
    """
    table.refresh()
    kept_ids = {reference.snapshot_id for reference in table.metadata.refs.values()}
    oldest = before.timestamp() * 1000
    old = [
        snapshot
        for snapshot in table.metadata.snapshots
        if snapshot.timestamp_ms < oldest and snapshot.snapshot_id not in kept_ids
    ]
    if not old:
        return 0
    kept = [snapshot for snapshot in table.metadata.snapshots if snapshot not in old]
    orphans = _files(old, table.io) - _files(kept, table.io)
    table.maintenance.expire_snapshots().by_ids([snapshot.snapshot_id for snapshot in old]).commit()
    for path in sorted(orphans):
        table.io.delete(path)
    return len(orphans)


def _files(snapshots: Iterable[Snapshot], io: FileIO) -> set[str]:
    """All that a reader of these snapshots opens."""
    lists = {snapshot.manifest_list for snapshot in snapshots}
    manifests = {m.manifest_path: m for snapshot in snapshots for m in snapshot.manifests(io)}
    entries = (entry for manifest in manifests.values() for entry in manifest.fetch_manifest_entry(io))
    return lists | manifests.keys() | {entry.data_file.file_path for entry in entries}
