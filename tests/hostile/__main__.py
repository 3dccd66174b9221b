"""`make fuzz`: hostile inputs to everything that reads what others wrote; crashes are kept, to be replayed.

--inputs N --seed S --target NAME (again for more) --folder PATH --json FILE; --replay FILE --target NAME
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.hostile.confined import confined
from tests.hostile.run import Result, run
from tests.hostile.targets import TARGETS
from tests.reliability import Record, Row

AT_ONCE = 2  # processes; they are started and watched by threads


def main() -> int:
    asked = _arguments()
    if asked.replay:
        return _replay(asked.replay, asked.target[0])
    results = _all(asked.target or list(TARGETS), asked.inputs, asked.seed, asked.folder)
    record = recorded(results, seed=asked.seed)
    if asked.json:
        record.write(asked.json)
    for result in results:
        for crash in result.crashes:
            print(f"{crash['crash']}\n  replay: make fuzz REPLAY={crash['file']} TARGET={result.target.name}")
    print(record.told())
    return 0 if record.passed else 1


def _all(names: Sequence[str], inputs: int, seed: int, folder: Path) -> list[Result]:
    whole = sum(TARGETS[name].share for name in names)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [
            pool.submit(
                run,
                TARGETS[name],
                round(inputs * TARGETS[name].share / whole),
                seed=seed,
                folder=folder / name,
            )
            for name in names
        ]
        return [future.result() for future in running]


def recorded(results: Sequence[Result], *, seed: int) -> Record:
    """What docs/reliability.md tells of a run."""
    return Record(
        command=f"make fuzz INPUTS={sum(result.inputs for result in results)} SEED={seed}",
        passed=not any(result.crashes for result in results),
        figures={
            "inputs": sum(result.inputs for result in results),
            "of these through the sandbox, too": sum(result.sandboxed for result in results),
            "ended by a limit of the sandbox, with a reason": sum(r.killed.total() for r in results),
            "crashes": sum(len(result.crashes) for result in results),
        },
        tables={
            "By what reads them": [_row(result) for result in results],
            "Answers": [
                {"target": result.target.name, "answer": answer, "inputs": count}
                for result in results
                for answer, count in result.answers.most_common(8)
            ],
        },
    )


def _row(result: Result) -> Row:
    return {
        "target": result.target.name,
        "inputs": result.inputs,
        "branches of our code reached": result.branches,
        "seconds": round(result.seconds),
        "kinds of answers": len(result.answers),
        "crashes": len(result.crashes),
    }


def _replay(file: Path, name: str) -> int:
    target, data = TARGETS[name], file.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        print(target.open(Path(folder))(data, lambda phase: print(f"… {phase}", file=sys.stderr)))
    if target.sandboxed:
        print("in the sandbox:", confined(data))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", action="append", choices=TARGETS, default=[])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "esg-fuzz")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--replay", type=Path)
    asked = parser.parse_args()
    if asked.replay and len(asked.target) != 1:
        parser.error("--replay needs the --target that the file is for")
    return asked


if __name__ == "__main__":
    sys.exit(main())
