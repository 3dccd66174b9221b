"""A fleet in one thread over a real state: dispatcher, broker and workers as plain calls, with a clock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Engine

from esg.domain import Document, Identity, MediaType, document_id
from esg.state import (
    Budget,
    Claimed,
    CompanyScored,
    Done,
    Embedded,
    Fence,
    Hint,
    Indexed,
    Ingested,
    Job,
    Later,
    Outcome,
    Policy,
    Scored,
    Sourced,
    State,
    UnitState,
)
from esg.state.schema import metadata, schema_floor, stage_runs

POLICY = Policy(
    pipeline_version="p1",
    rubric="maturity@1",
    lease_seconds=20.0,
    requeue_after_seconds=30.0,
    budget=Budget(max_retries=3, max_lost_workers=3, base_seconds=2.0),
)


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def open_state(engine: Engine, clock: Clock, policy: Policy = POLICY) -> State:
    return State(engine, policy, clock=clock, jitter=lambda: 0.5)


def wipe(engine: Engine) -> None:
    """Delete every row but the schema's own, which the app may not."""
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not schema_floor:
                connection.execute(table.delete())


def document(source: str, *, pages: int = 0, company: str = "", year: int | None = None) -> Document:
    """A document whose bytes are its source's name; what it says of itself is a guess."""
    identity = Identity(company, year, company_guessed=bool(company), year_guessed=year is not None)
    return Document(
        document_id(source.encode()), source, MediaType.PDF, len(source), identity, pages, "en", ""
    )


class LittleFleet:
    """`batches` says how many batches a source has; others have two of ten chunks each."""

    def __init__(self, state: State, clock: Clock, *, batches: dict[str, int] | None = None) -> None:
        self.state = state
        self.clock = clock
        self.batches = batches or {}
        self.lei = ""  # that documents print
        self.effects: Counter[tuple[str, str, int]] = Counter()

    def submit(self, source: str, *, tenant: str | None = None, name: str = "", **said: object) -> Job:
        """Submit bytes that are in the lake already; they are sent under their source's name, or another."""
        state = self.state.seen_by(tenant)
        return state.submit(name or source, document_id=document_id(source.encode()), **said)  # type: ignore[arg-type]

    def hints(self) -> list[str]:
        """The stage runs that a broker would carry hints of, now."""
        self.state.dispatch()
        hints = self.state.take_outbox()
        self.state.mark_published(hints)
        return [hint.unit for hint in hints]

    def claim(self, owner: str = "w1") -> Claimed:
        """Dispatch, and claim the first stage run there is a hint of."""
        for unit in self.hints():
            if claimed := self.state.claim(unit, owner):
                return claimed
        raise AssertionError("there is nothing to do")

    def claim_all(self, owner: str = "w1") -> list[Claimed]:
        return self._claim(self.hints(), owner)

    def _claim(self, units: Sequence[str], owner: str = "w1") -> list[Claimed]:
        claims = [self.state.claim(unit, owner) for unit in units]
        return [claimed for claimed in claims if claimed]

    def work(self, claimed: Claimed) -> Fence:
        """Do what the task would do, and count what took effect."""
        fence = self.state.complete(claimed, self.outcome(claimed))
        if fence is Fence.PASSED:
            self.effects[claimed.task, claimed.subject, claimed.batch] += 1
        return fence

    def finish(self, claimed: Claimed, limit: int = 100) -> tuple[Fence, list[Hint]]:
        """The same as a worker does it, which takes hints in the transaction of the end."""
        fence, hints = self.state.complete_and_take(claimed, self.outcome(claimed), limit)
        if fence is Fence.PASSED:
            self.effects[claimed.task, claimed.subject, claimed.batch] += 1
        return fence, hints

    def run(self, until: str = "") -> list[str]:
        """Work until nothing is left, or until a task is next; returns the tasks in their order."""
        done: list[str] = []
        while hints := self.hints():
            claims = self._claim(hints)
            if until and any(claimed.task == until for claimed in claims):
                for claimed in claims:
                    self.state.release(claimed)
                return done
            for claimed in claims:
                self.work(claimed)
                done.append(claimed.task)
        return done

    def outcome(self, claimed: Claimed) -> Outcome:
        match claimed.task:
            case "ingest.source":
                return Sourced(document(str(claimed.args["source"])))
            case "ingest.document":
                return self._ingested(claimed)
            case "embed.batch":
                return Embedded(10)
            case "index.document":
                return Indexed()
            case "score.document":
                return Scored(f"gold/{claimed.subject}/{claimed.rubric}", 2.5, "Established", "f" * 64)
            case "score.company":
                return self._together(claimed)
            case _:
                return Done()

    def _together(self, claimed: Claimed) -> Outcome:
        company, given = str(claimed.args["company"]), claimed.args.get("year")
        year, rubric = (
            given if isinstance(given, int) else None,
            str(claimed.args.get("rubric") or "") or None,
        )
        tenant = claimed.args.get("tenant")
        state = self.state.seen_by(str(tenant) if tenant else None)
        if state.is_busy(company, year, rubric):
            return Later(0.5)
        waiting = [one for one in state.company_years(company, year, rubric) if not one.key]
        made = {"sha256": "f" * 64, "overall": 2.5, "grade": "Established"}
        return CompanyScored(tuple(replace(one, key=f"gold/{one.id}", **made) for one in waiting))

    def _ingested(self, claimed: Claimed) -> Ingested:
        source = str(claimed.args["source"])
        batches = self.batches.get(source, 2)
        read = replace(
            document(source, pages=7, company="Guessed plc", year=2023), id=str(claimed.document_id)
        )
        return Ingested(read, 10 * batches, batches, guess=read.identity, lei=self.lei)

    def states(self, task: str = "") -> Counter[str]:
        """How many stage runs are in which state."""
        with self.state.engine.connect() as connection:
            rows = connection.execute(stage_runs.select()).all()
        return Counter(row.state for row in rows if task in ("", row.task))

    def open_tasks(self) -> Sequence[str]:
        """The tasks of the stage runs that are not over."""
        over = (UnitState.DONE, UnitState.DEAD, UnitState.CANCELLED)
        with self.state.engine.connect() as connection:
            rows = connection.execute(stage_runs.select()).all()
        return sorted(row.task for row in rows if row.state not in over)
