"""Rounds of faults on whole fleets, on SQLite and PostgreSQL by turns, until the time is over.

Exit code 1 where an invariant did not hold; its round's seed and the command that repeats it are printed.
"""

import argparse
import itertools
import shlex
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.arena import DATABASES, ROLES, arena
from tests.chaos.faults.table import FAULTS
from tests.chaos.invariants import INVARIANTS
from tests.chaos.quiet import QuietRun, Submission
from tests.chaos.rounds import ACCEPTED, REST, Mix, Outcome, draw, play
from tests.reliability import Record, Row

MOST_SECONDS_OF_A_FLEET = 600.0  # then a fresh one: what is compared grows with each round
SECONDS_OF_A_ROUND = 25.0  # none is begun that would not end in time


@dataclass(frozen=True, slots=True)
class Played:
    """A round that is over, and where it was."""

    database: str
    outcome: Outcome


def main(arguments: Sequence[str]) -> int:
    asked = parser().parse_args(arguments, argparse.Namespace(given=arguments))
    seconds, played = asked.minutes * 60 + asked.hours * 3600, list[Played]()
    until = time.monotonic() + seconds
    numbers = itertools.repeat(asked.round) if asked.round else itertools.count(1)
    print(f"chaos: seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="esg-chaos-") as folder:
        quiet = QuietRun(Path(folder) / "quiet")
        for fleet, database in enumerate(itertools.cycle(asked.databases)):
            share = min(MOST_SECONDS_OF_A_FLEET, seconds / len(asked.databases))
            ends = min(until, time.monotonic() + share)
            home = Path(folder) / f"fleet-{fleet}"
            played += _on_one_fleet(asked, quiet, home, database, numbers=numbers, ends=ends)
            is_over = asked.round or time.monotonic() + SECONDS_OF_A_ROUND > until
            if is_over and fleet + 1 >= len(asked.databases):  # each has one round at least
                break
    record = record_of(asked, played)
    print(record.told(), flush=True)
    if asked.json:
        record.write(asked.json)
    return 0 if record.passed else 1


def _on_one_fleet(
    asked: argparse.Namespace,
    quiet: QuietRun,
    home: Path,
    database: str,
    *,
    numbers: Iterator[int],
    ends: float,
) -> list[Played]:
    """Play rounds until their time is over, at least one."""
    played, before = list[Played](), list[Submission]()
    with arena(home, database=database, roles=asked.roles) as fleet:
        for number in numbers:
            drawn = draw(asked.seed, number, database=database, folder=home, mix=mix_of(asked))
            outcome = play(fleet, quiet, drawn, before)
            before += [one for _, one in drawn.arrivals]
            played.append(Played(database, outcome))
            print(told(asked, played[-1]), flush=True)
            if time.monotonic() + SECONDS_OF_A_ROUND > ends:
                break
    return played


def mix_of(asked: argparse.Namespace) -> Mix:
    return Mix(asked.documents, asked.strikes, tuple(asked.faults))


def told(asked: argparse.Namespace, one: Played) -> str:
    """A line for each round; of one that failed, all that is wrong and how to see it again."""
    drawn, violations = one.outcome.round, one.outcome.violations
    faults = ", ".join(strike.fault for strike in drawn.strikes)
    verdict = f"{len(violations)} VIOLATIONS" if violations else "all holds"
    rest = f"at rest after {one.outcome.calm_seconds:.0f} s"
    lines = [f"round {drawn.number} on {one.database}: {faults}; {rest}; {verdict}"]
    lines += [f"  {violation}" for violation in violations]
    if violations:
        lines.append(f"  seed {asked.seed}; again: {repeating(asked, one)}")
    return "\n".join(lines)


def repeating(asked: argparse.Namespace, one: Played) -> str:
    """The command that plays a round again."""
    words = ["--seed", str(asked.seed), "--round", str(one.outcome.round.number), "--databases", one.database]
    words += ["--documents", str(asked.documents), "--strikes", str(asked.strikes)]
    if asked.faults != list(FAULTS):
        words += ["--faults", *asked.faults]
    if asked.roles != list(ROLES):
        words += ["--roles", *asked.roles]
    return shlex.join([".venv/bin/python", "-m", "tests.chaos", *words])


def record_of(asked: argparse.Namespace, played: Sequence[Played]) -> Record:
    rounds = [one.outcome for one in played]
    struck = Counter((strike.fault, one.database) for one in played for strike in one.outcome.round.strikes)
    broken = Counter(violation.invariant for outcome in rounds for violation in outcome.violations)
    figures = {
        "seed": str(asked.seed),  # a name, not an amount
        "rounds": len(rounds),
        "faults": struck.total(),
        "documents": sum(len({s.path for _, s in outcome.round.arrivals}) for outcome in rounds),
        "submissions": sum(len(outcome.round.arrivals) for outcome in rounds),
        "violations": broken.total(),
        "longest way back to rest, seconds": round(max(outcome.calm_seconds for outcome in rounds), 1),
    }
    kinds: list[Row] = [{"fault": name, **{db: struck[name, db] for db in DATABASES}} for name in FAULTS]
    names = [ACCEPTED, REST, *INVARIANTS]
    held: list[Row] = [
        {"invariant": name, "checked": len(rounds), "violations": broken[name]} for name in names
    ]
    command = shlex.join(["python", "-m", "tests.chaos", *asked.given])
    return Record(command, not broken, figures, {"faults by kind": kinds, "invariants": held})


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    made.add_argument("--seed", type=int, default=int(time.time()), help="the moment, where none is given")
    made.add_argument("--minutes", type=float, default=0.0)
    made.add_argument("--hours", type=float, default=0.0)
    made.add_argument("--round", type=int, default=0, help="play this one alone")
    made.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    made.add_argument(
        "--roles", nargs="+", default=list(ROLES), help="workers (ROLE or ROLE-2) and beats to start"
    )
    made.add_argument("--faults", nargs="+", choices=list(FAULTS), default=list(FAULTS), metavar="FAULT")
    made.add_argument("--strikes", type=int, default=5, help="faults in a round")
    made.add_argument("--documents", type=int, default=6, help="reports in a round")
    made.add_argument("--json", type=Path, help="file for the figures")
    return made
