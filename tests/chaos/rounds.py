"""A round: documents keep coming while things break, as the seed has it; then calm, then the check.

What is drawn is the same for the same seed and round; when exactly a worker meets it is not.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import redis
import sqlalchemy as sa

from esg.errors import EsgError
from esg.state import Unit
from esg.state.units import OPEN
from tests.chaos.arena import Arena
from tests.chaos.faults.table import FAULTS
from tests.chaos.invariants import Left, Violation, check
from tests.chaos.quiet import QuietRun, Submission, nightly
from tests.fakes.fleets import write_report

ROUND_SECONDS = 8.0  # within which everything comes and breaks
CALM_SECONDS = 300.0  # within which all must be over, the longest wait of a retry and a busy machine included
ACCEPT_SECONDS = 120.0
MOST_PAGES = 6
REST, ACCEPTED = "it comes to rest", "what is handed in is accepted"  # invariants of the round itself
YEAR = 2024


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of everything a round has."""

    documents: int = 6
    strikes: int = 5
    faults: Sequence[str] = tuple(FAULTS)


@dataclass(frozen=True, slots=True, order=True)
class Strike:
    """A fault, when it comes in its round and how long it lasts, in seconds."""

    at: float
    seconds: float
    fault: str


@dataclass(frozen=True, slots=True)
class Round:
    """What its seed decides: each document with the moment at which it comes."""

    seed: int
    number: int
    arrivals: Sequence[tuple[float, Submission]]
    strikes: Sequence[Strike]


@dataclass
class Outcome:
    """What came of it."""

    round: Round
    violations: list[Violation] = field(default_factory=list)
    calm_seconds: float = 0.0  # from the end of the last fault until nothing was left to do


def draw(seed: int, number: int, *, database: str, folder: Path, mix: Mix) -> Round:
    """Decide a round, and write its reports."""
    random = Random(f"{seed} {number} {database}")
    possible = [name for name in mix.faults if database in FAULTS[name].databases]
    many = mix.strikes > len(possible)  # then some come twice
    drawn = random.choices(possible, k=mix.strikes) if many else random.sample(possible, mix.strikes)
    reports = _reports(random, f"{seed}-{number}", folder, mix.documents)
    arrivals = sorted(((random.uniform(0, ROUND_SECONDS), one) for one in reports), key=lambda pair: pair[0])
    return Round(seed, number, arrivals, sorted(_strike(random, name) for name in drawn))


def _strike(random: Random, name: str) -> Strike:
    fault = FAULTS[name]
    return Strike(
        random.uniform(0.5, ROUND_SECONDS), random.uniform(fault.least_seconds, fault.seconds), name
    )


def _reports(random: Random, tag: str, folder: Path, count: int) -> Iterator[Submission]:
    """Two reports of each company, one that cannot be read, and one that comes a second time."""
    for n in range(count):
        company, path = f"Company {tag}-{n // 2}", folder / f"report-{tag}-{n}.pdf"
        write_report(path, company=company, pages=random.randint(1, MOST_PAGES), tag=f"{tag}-{n}")
        yield Submission(path, company, YEAR, f"{tag}-{n}")
    torn = folder / f"report-{tag}-torn.pdf"
    torn.write_bytes(b"%PDF-1.7\n" + random.randbytes(200))
    yield Submission(torn, f"Company {tag}-torn", YEAR, f"{tag}-torn")
    yield Submission(folder / f"report-{tag}-0.pdf", f"Company {tag}-0", YEAR, f"{tag}-again")


def play(arena: Arena, quiet: QuietRun, drawn: Round, before: Sequence[Submission] = ()) -> Outcome:
    """Let it happen, wait for calm, and hold what is left against a quiet run of all that ever came."""
    submissions = [*before, *(one for _, one in drawn.arrivals)]
    quiet.work([one for _, one in drawn.arrivals], night=f"night {drawn.number}")
    expected = quiet.outcome(submissions)
    came = Outcome(drawn, list(_storm(arena, drawn)))
    began = time.monotonic()
    with arena.without_beats():  # what they fire would be under way while it is looked at
        is_at_rest = come_to_rest(arena, f"night {drawn.number}")
        came.calm_seconds = time.monotonic() - began
        if not is_at_rest:
            came.violations.append(Violation(REST, f"not within {CALM_SECONDS:.0f} s"))
        came.violations += check(Left(arena.fleet.resources, submissions, expected))
    return came


def _storm(arena: Arena, drawn: Round) -> Iterator[Violation]:
    """Let everything come at its time; a client that has to wait for an answer holds no fault up."""
    with ThreadPoolExecutor(1, "client") as client:
        handed_in = client.submit(_hand_in, arena, drawn.arrivals)
        try:
            _strike_all(arena, drawn)
        except AssertionError as error:  # a process that would not end
            yield Violation(REST, str(error).partition("\n")[0])
        while not handed_in.done():
            arena.wait(0.1)
        if refused := handed_in.exception():
            yield Violation(ACCEPTED, str(refused))


def _strike_all(arena: Arena, drawn: Round) -> None:
    """Begin the faults; one that takes longer than its time delays those after it.

    Each ends at its own time, whatever the next one waits for: a restart may wait for what another one locks.
    """
    random, began = Random(f"{drawn.seed} {drawn.number} strikes"), time.monotonic()
    with ThreadPoolExecutor(max(1, len(drawn.strikes)), "ends") as ends:
        ended: list[Future[None]] = []
        for strike in drawn.strikes:
            arena.wait(began + strike.at - time.monotonic())
            harm = ExitStack()
            harm.enter_context(FAULTS[strike.fault].harm(arena, random))
            ended.append(ends.submit(_end, harm, strike.seconds))
        while not all(one.done() for one in ended):
            arena.wait(0.05)
        for one in ended:
            one.result()


def _end(harm: ExitStack, seconds: float) -> None:
    time.sleep(seconds)
    harm.close()


def _hand_in(arena: Arena, arrivals: Sequence[tuple[float, Submission]]) -> None:
    """Hand every report in at its time, as clients do: again under its id, until it is accepted."""
    began = time.monotonic()
    for at, one in arrivals:
        time.sleep(max(0.0, began + at - time.monotonic()))
        while True:
            try:
                arena.fleet.state.submit(str(one.path), company=one.company, year=one.year, job_id=one.job)
                break
            except EsgError:
                if time.monotonic() - began > ACCEPT_SECONDS:
                    raise
                time.sleep(0.2)


def come_to_rest(arena: Arena, night: str) -> bool:
    """Wait until nothing is left to do, then for the night and for gold; False when that does not end."""
    units = [nightly(night), Unit("etl.gold", night, {"call": night}, on_queue="index")]
    with suppress(AssertionError):  # the check says more about what is left
        arena.fleet.until(lambda: _is_at_rest(arena), "calm", CALM_SECONDS)
        for unit in units:
            arena.fleet.state.enqueue(unit)
            arena.fleet.until(lambda: _is_at_rest(arena), f"{unit.task} to be over", CALM_SECONDS)
        return True
    return False


def _is_at_rest(arena: Arena) -> bool:
    try:
        open_runs = (arena.fleet.count("stage_runs", state=state) for state in OPEN)
        if any(open_runs) or arena.fleet.count("outbox"):
            return False
        with arena.broker() as client:  # a call of the clock that is still on its way would open more
            return not client.exists("esg:control")
    except (sa.exc.SQLAlchemyError, redis.RedisError, EsgError):  # on their way up
        return False
