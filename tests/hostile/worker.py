"""One process that feeds one target: its corpus, then mutants of what reached new code.

What it is about to try lies in a file, so that whoever finds this process dead knows what killed it. Coverage
is that of branches in our own code, by coverage.py's tracer; a mutant that reaches a new branch is kept and
mutated in its turn. To trace takes as long as to run, so of mutants every third is traced.
"""

import json
import logging
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import coverage

from tests.hostile.confined import confined
from tests.hostile.mutate import mutated, words_of
from tests.hostile.targets import Target

ROOT = Path(__file__).parents[2]
OURS = [str(ROOT / folder) for folder in ("esg", "api", "tasks")]
MEMORY_BYTES = 3 * 1024**3  # of address space; a parse gets its own limit in the sandbox
SANDBOXED_EVERY = 25
TRACED_EVERY = 3
LARGEST_SEED = 30_000  # bytes
MOST_KEPT = 4000
LOOK_EVERY = 50  # inputs, for what was found since


@dataclass(frozen=True, slots=True)
class Order:
    """Inputs [first, last) of a target: first those of its corpus, then mutants."""

    target: Target
    seed: int
    first: int
    last: int
    folder: str  # of the run: what is tried, what was found, what came of it
    is_short: bool = False  # no bombs, no coverage, and of the corpus, too, only some through the sandbox


def main(order: Order) -> None:
    logging.disable(logging.CRITICAL)
    target, folder = order.target, Path(order.folder)
    tracer = coverage.Coverage(data_file=None, branch=True, source=OURS, messages=False)
    work = folder / "work"
    work.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(work)
    journal = _Journal(folder)
    run = target.open(work)
    if target.sandboxed:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    reached = _reached(tracer)
    for number, name, data in _inputs(order, folder):
        journal.begin(number, name, data)
        is_traced = not order.is_short and (bool(name) or number % TRACED_EVERY == 0)
        try:
            with tracer.collect() if is_traced else nullcontext():
                answer = run(data, journal.phase)
            if target.sandboxed and ((name and not order.is_short) or number % SANDBOXED_EVERY == 0):
                journal.phase("sandbox")
                confined(data)
                journal.sandboxed += 1
        except Exception as error:  # that is what is looked for
            journal.crash(error, traceback.format_exc())
        else:
            journal.end(answer)
        if is_traced and (now := _reached(tracer)) > reached and len(data) < LARGEST_SEED:
            reached = now
            (folder / "found" / f"{number:07}").write_bytes(data)
    journal.close(reached)


def _reached(tracer: coverage.Coverage) -> int:
    """Count the branches that were gone through since the start."""
    return sum(map(len, tracer._collector.data.values())) if tracer._collector else 0


def _inputs(order: Order, folder: Path) -> Iterator[tuple[int, str, bytes]]:
    cases = list(order.target.cases())
    for number, case in enumerate(cases[order.first : order.last], order.first):
        if not (order.is_short and case.is_bomb):
            yield number, case.name, case.make()
    if order.last <= len(cases):
        return
    small = (one.make() for one in cases if not one.is_bomb)
    seeds = [data for data in small if len(data) < LARGEST_SEED]
    words = words_of(seeds)
    known = set[str]()
    for number in range(max(order.first, len(cases)), order.last):
        if number % LOOK_EVERY == 0 or not known:
            fresh = sorted({path.name for path in (folder / "found").iterdir()} - known)[:MOST_KEPT]
            seeds += [(folder / "found" / name).read_bytes() for name in fresh]
            known |= {"", *fresh}
        chance = random.Random(f"{order.seed}:{order.target.name}:{number}")
        yield number, "", mutated(chance.choice(seeds), chance, seeds, words)


class _Journal:
    """Files of a run: `trying` and `phase` are of the input under way; a line tells of each that is over."""

    def __init__(self, folder: Path) -> None:
        (folder / "found").mkdir(exist_ok=True)
        self._folder = folder
        self._lines = (folder / "answers.jsonl").open("a", buffering=1)
        self._trying, self._phase = folder / "trying", folder / "phase"
        self.sandboxed = 0

    def begin(self, number: int, name: str, data: bytes) -> None:
        self._number, self._name, self._data = number, name, data
        self._began = time.monotonic()
        self._trying.write_bytes(data)
        self.phase("begin")

    def phase(self, name: str) -> None:
        self._phase.write_text(json.dumps({"number": self._number, "name": self._name, "phase": name}))

    def end(self, answer: str) -> None:
        seconds = round(time.monotonic() - self._began, 4)
        self._line({"number": self._number, "name": self._name, "answer": answer, "seconds": seconds})

    def crash(self, error: Exception, told: str) -> None:
        file = self._folder / f"crash-{self._number:07}"
        file.write_bytes(self._data)
        self._line(
            {
                "number": self._number,
                "name": self._name,
                "crash": f"{type(error).__name__}: {error}"[:500],
                "traceback": told[-4000:],
                "file": str(file),
            }
        )

    def close(self, reached: int) -> None:
        self._line({"over": True, "branches": reached, "sandboxed": self.sandboxed})

    def _line(self, said: dict[str, object]) -> None:
        self._lines.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    main(Order(**{**told, "target": Target(**told["target"])}))
