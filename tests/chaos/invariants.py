"""What holds of a fleet that has come to rest, whatever it went through: read from SQL and from the lake."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from esg.resources import Resources
from tests.chaos.quiet import Outcome, Submission, log, outcome

OPEN = "('pending', 'queued', 'leased', 'retry_wait')"
VECTORS = "silver/vectors/"
KINDS = (
    *("bronze/", "silver/pages/", "silver/chunks/", "silver/terms/", "silver/readings/", VECTORS),
    "index/",
)
_DOCUMENT = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold, and of what."""

    invariant: str
    about: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.about}"


@dataclass(frozen=True, slots=True)
class Left:
    """What a fleet left that was given these submissions, and what a quiet run made of the same."""

    resources: Resources
    submissions: Sequence[Submission]
    quiet: Outcome

    @property
    def lake(self) -> Path:
        return Path(self.resources.settings.lake)

    def rows(self, query: str) -> Sequence[sa.Row[Any]]:
        with self.resources.state.engine.connect() as connection:
            return connection.execute(sa.text(query)).all()

    def column(self, query: str) -> list[str]:
        return [str(row[0]) for row in self.rows(query)]

    def objects(self, folder: str = "") -> set[str]:
        """Keys in the lake, without what is being written."""
        files = (path for path in (self.lake / folder).rglob("*") if path.is_file())
        keys = {path.relative_to(self.lake).as_posix() for path in files}
        return {key for key in keys if not key.startswith(".tmp/")}


def check(left: Left) -> list[Violation]:
    """Name everything that does not hold."""
    return [Violation(name, about) for name, holds in INVARIANTS.items() for about in holds(left)]


def every_document_is_over(left: Left) -> Iterator[str]:
    accepted = left.column("SELECT id FROM jobs")
    yield from (
        f"job {one.job} of {one.name} is not known" for one in left.submissions if one.job not in accepted
    )
    for row in left.rows("SELECT id, state, source FROM jobs WHERE finished_at IS NULL"):
        yield f"job {row.id} of {Path(row.source).name} is {row.state}"
    for row in left.rows(f"SELECT task, subject, state, hints, error FROM stage_runs WHERE state IN {OPEN}"):
        yield f"{row.task} of {row.subject} is {row.state}, {row.hints} hints repeated {row.error}".rstrip()
    for row in left.rows("SELECT id, document_id FROM runs WHERE state = 'running'"):
        yield f"run {row.id} of document {row.document_id} is running"


def one_scorecard_each(left: Left) -> Iterator[str]:
    """In SQL, in the lake, and as an effect: nothing that was done was done a second time."""
    owed = left.rows("SELECT document_id, pipeline_version, rubric FROM runs WHERE state = 'scored'")
    made = left.rows("SELECT document_id, pipeline_version, rubric FROM scorecards")
    for row, count in (Counter(map(tuple, owed)) - Counter(map(tuple, made))).items():
        yield f"{count} missing for {row}"
    for row, count in (Counter(map(tuple, made)) - Counter(map(tuple, owed))).items():
        yield f"{count} too many for {row}"
    per_document = Counter(_document(key) for key in left.objects("gold/scorecards"))
    named = Counter(_document(key) for key in _scorecards(left))
    for document, count in (per_document - named).items():
        yield f"{count} objects too many for document {document}"


def no_orphan_in_the_lake(left: Left) -> Iterator[str]:
    """Every object belongs to a row, every row has its object, every object is what it is named for."""
    documents = set(left.column("SELECT id FROM documents"))
    there, scorecards, gold = left.objects(), _scorecards(left), _gold(left)
    for key in sorted(there):
        if key.startswith(("gold/scorecards/", "gold/tables/", "gold/log/")):
            known = key in scorecards or key in gold or key.startswith("gold/log/")
        else:
            known = _document(key) in documents and key.startswith(("bronze/", "silver/", "index/"))
        if not known:
            yield f"{key} belongs to nothing"
        elif not _is_whole(left.lake / key):
            yield f"{key} is not what it is named for"
    yield from (f"{key} is missing" for key in sorted((scorecards | gold) - there))
    yield from _incomplete(left, there)


def no_hint_is_lost(left: Left) -> Iterator[str]:
    for row in left.rows("SELECT stage_run_id, task FROM outbox"):
        yield f"{row.task} {row.stage_run_id} still waits to be published"
    heard = "SELECT stage_run_id FROM outbox"
    for row in left.rows(f"SELECT id, task FROM stage_runs WHERE state IN {OPEN} AND id NOT IN ({heard})"):
        yield f"{row.task} {row.id} is open and in no outbox"


def nothing_is_set_aside_for_a_fault(left: Left) -> Iterator[str]:
    """A document may be to blame (rejected), and is so in the quiet run, too; our own failures are bugs."""
    columns = "task, reason_code, reason, traceback"
    for row in left.rows(f"SELECT {columns} FROM dead_letters WHERE state = 'open' AND kind = 'failed'"):
        yield f"{row.task}: {row.reason_code}: {row.reason}\n{row.traceback}".rstrip()


def each_slot_fires_once(left: Left) -> Iterator[str]:
    """However many beats there are."""
    fired = Counter(left.column("SELECT stage_run_id FROM schedule_fires"))
    yield from (f"stage run {unit} was opened by {count} slots" for unit, count in fired.items() if count > 1)
    runs = left.column("SELECT id FROM stage_runs WHERE task = 'etl.gold' AND subject LIKE 'gold %'")
    yield from (f"stage run {unit} has no slot" for unit in sorted(set(runs) - set(fired)))


def as_in_the_quiet_run(left: Left) -> Iterator[str]:
    """Ends, scorecards and gold, byte for byte."""
    now, quiet = outcome(left.resources, left.submissions, lake=left.lake), left.quiet
    for name, end in quiet.ends.items():
        if now.ends.get(name) != end:
            yield f"{name} ended as {now.ends.get(name)}, not {end}"
    for name in sorted(quiet.scorecards.keys() | now.scorecards.keys()):
        if now.scorecards.get(name) != quiet.scorecards.get(name):
            yield f"the scorecard of {name} has other bytes"
    yield from (f"gold lacks {key}" for key in sorted(quiet.gold - now.gold))
    yield from (f"gold has {key} too many" for key in sorted(now.gold - quiet.gold))


INVARIANTS: Mapping[str, Callable[[Left], Iterator[str]]] = {
    "every accepted document is over": every_document_is_over,
    "one scorecard for each document, pipeline and rubric": one_scorecard_each,
    "no orphan in the lake": no_orphan_in_the_lake,
    "no hint is lost": no_hint_is_lost,
    "nothing is set aside for a fault": nothing_is_set_aside_for_a_fault,
    "each slot of the schedule fires once": each_slot_fires_once,
    "gold as in a quiet run": as_in_the_quiet_run,
}


def _document(key: str) -> str:
    found = _DOCUMENT.search(key)
    return found[0] if found else ""


def _scorecards(left: Left) -> set[str]:
    return set(left.column("SELECT key FROM scorecards UNION SELECT key FROM company_years"))


def _gold(left: Left) -> set[str]:
    """Files that some entry of the log names: what was said once stays until it expires."""
    return {key for entry in log(left.lake) for key in entry}


def _incomplete(left: Left, there: set[str]) -> Iterator[str]:
    """Documents that were scored and of which not everything is kept that they were scored by."""
    kinds = Counter((_document(key), kind) for key in there for kind in KINDS if key.startswith(kind))
    batches = Counter(
        left.column("SELECT subject FROM stage_runs WHERE task = 'embed.batch' AND state = 'done'")
    )
    for document in left.column("SELECT document_id FROM runs WHERE state = 'scored'"):
        needed = {kind: batches[document] if kind == VECTORS else 1 for kind in KINDS}
        for kind, count in needed.items():
            if kinds[document, kind] < count:
                yield f"document {document} has {kinds[document, kind]} objects of {count} in {kind}"


def _is_whole(path: Path) -> bool:
    """Whether the bytes are those that the name promises, where it names their hash; else that they are
    there."""
    named = re.search(r"-([0-9a-f]{16})\.json\Z|/([0-9a-f]{16})\.parquet\Z", path.as_posix())
    if named is None:
        return path.stat().st_size > 0
    return hashlib.sha256(path.read_bytes()).hexdigest().startswith(named[1] or named[2])
