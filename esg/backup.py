"""State and lake ↔ a folder: the database first, then the lake, so that every object a row names is there.

The lake only grows: what came between the two copies is in it without a row, which does no harm. Restoring
goes the other way round, for the same reason.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from esg.errors import EsgError, Misconfigured, NotFound
from esg.objects import FolderObjects, Objects, open_objects
from esg.settings import Settings
from esg.state import give_rights, open_engine, snapshot, upgrade
from esg.state.engine import reading
from esg.state.migrate import revision
from esg.state.schema import company_years, documents, scorecards

MANIFEST = "backup.json"  # written last: a backup without it is not whole
LAKE = "lake"
FORMAT = 1
Tell = Callable[[str], None]  # what is done next: database, lake


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup has; `objects` counts those of the lake, -1 where it was not copied."""

    format: int
    made_at: str
    dialect: str
    revision: str
    documents: int
    scorecards: int
    objects: int
    bytes: int


def make(settings: Settings, folder: Path, *, with_lake: bool = True, tell: Tell = lambda _: None) -> Backup:
    """Copy the database, then the lake, to a new folder; whatever runs goes on.

    Raises Misconfigured for a folder that has something in it or a database without tables, EsgError where
    the lake lacks a scorecard that a row names.
    """
    engine = open_engine(settings.database)
    _insist_on_tables(engine)
    _insist_on_new(folder)
    made_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    tell("database")
    snapshot.save(engine, folder)
    rows = _rows(engine)
    engine.dispose()
    count, size = -1, 0
    if with_lake:
        tell("lake")
        copy = FolderObjects(folder / LAKE)
        count, size = _copied(open_objects(settings.lake), copy)
        _insist_on(rows.keys, copy)
    made = Backup(
        FORMAT, made_at, engine.dialect.name, rows.revision, rows.documents, rows.scorecards, count, size
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(made), indent=1) + "\n")
    return made


def restore(settings: Settings, folder: Path, *, tell: Tell = lambda _: None) -> Backup:
    """Bring a backup to an empty database and a lake, whose objects stay; the tables are brought up to date.

    Raises NotFound where there is no whole backup, Misconfigured where there is a database already.
    """
    made = read(folder)
    settings.make_home()
    if made.objects >= 0:
        tell("lake")
        _copied(FolderObjects(folder / LAKE), open_objects(settings.lake))
    tell("database")
    snapshot.load(folder, settings.database)
    engine = open_engine(settings.database)
    upgrade(engine)
    give_rights(engine)
    engine.dispose()
    return made


def read(folder: Path) -> Backup:
    """Tell what a backup has; raises NotFound where it is not whole."""
    try:
        return Backup(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise NotFound(
            f"There is no whole backup in {folder}: {MANIFEST}, which is written last, cannot be read.",
            next_step="Take an older one.",
        ) from error


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the database says once it was copied; `keys` are those of scorecards in the lake."""

    revision: str
    documents: int
    scorecards: int
    keys: tuple[str, ...]


def _rows(engine: Engine) -> _Rows:
    with reading(engine) as tx:
        known = tx.execute(sa.select(sa.func.count()).select_from(documents)).scalar_one()
        single = tx.execute(sa.select(scorecards.c.key)).scalars().all()
        together = tx.execute(sa.select(company_years.c.key)).scalars().all()
        return _Rows(revision(tx), known, len(single), (*single, *together))


def _insist_on_tables(engine: Engine) -> None:
    with reading(engine) as tx:
        if not revision(tx):
            raise Misconfigured(
                "There is nothing to back up: the database has no tables.",
                next_step="Point ESG_HOME or ESG_DATABASE_URL to the fleet's.",
            )


def _insist_on_new(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_taken = any(folder.iterdir())
    except OSError as error:
        raise Misconfigured(f"{folder} cannot be written: {error.strerror}.") from error
    if is_taken:
        raise Misconfigured(f"{folder} is not empty.", next_step="Name a new folder for each backup.")


def _copied(source: Objects, to: Objects) -> tuple[int, int]:
    """Copy what is not there yet; returns how many objects the source has, and their bytes."""
    count = size = 0
    for key, file in _contents(source):
        to.create_from(key, file)
        count, size = count + 1, size + file.seek(0, os.SEEK_END)
    return count, size


def _contents(objects: Objects) -> Iterator[tuple[str, BinaryIO]]:
    """Each object as a file, one at a time: an original may be larger than what a process may take."""
    for key in objects.keys(""):
        try:
            file = objects.open(key)
        except NotFound:  # forgotten since it was listed: only what no row names is
            continue
        with file:
            yield key, file


def _insist_on(keys: Iterable[str], objects: Objects) -> None:
    if missing := [key for key in keys if not objects.exists(key)]:
        raise EsgError(
            f"{len(missing)} scorecards of the database are not in the lake, the first is {missing[0]}.",
            next_step="Back up again; if it stays so, the lake has lost them: score their documents again.",
        )
