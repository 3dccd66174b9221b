"""`make fuzz`: hostile inputs to everything that reads what others wrote; crashes are kept, to be replayed.

--inputs N --seed S --target NAME (again for more) --folder PATH --out FILE; --replay FILE --target NAME
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.hostile.confined import confined
from tests.hostile.run import Result, run
from tests.hostile.targets import TARGETS

AT_ONCE = 2  # processes; they are started and watched by threads


def main() -> int:
    asked = _arguments()
    if asked.replay:
        return _replay(asked.replay, asked.target[0])
    results = _all(asked.target or list(TARGETS), asked.inputs, asked.seed, asked.folder)
    summary = summarise(results, seed=asked.seed)
    if asked.out:
        _write(asked.out, summary)
    for result in results:
        for crash in result.crashes:
            print(f"{crash['crash']}\n  replay: make fuzz REPLAY={crash['file']} TARGET={result.target.name}")
    print(json.dumps(summary, indent=2))
    return 1 if summary["crashes"] else 0


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


def summarise(results: Sequence[Result], *, seed: int) -> dict[str, Any]:
    """What docs/reliability.json keeps as `hostile`."""
    return {
        "seed": seed,
        "inputs": sum(result.inputs for result in results),
        "crashes": sum(len(result.crashes) for result in results),
        "killed_by_limit": sum(sum(result.killed.values()) for result in results),
        "through_the_sandbox": sum(result.sandboxed for result in results),
        "targets": [result.to_dict() for result in results],
    }


def _write(file: Path, summary: dict[str, Any]) -> None:
    """Put the section `hostile` into the file, and leave the others as they are."""
    told = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**told, "hostile": summary}, indent=2) + "\n")


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
    parser.add_argument("--out", type=Path)
    parser.add_argument("--replay", type=Path)
    asked = parser.parse_args()
    if asked.replay and len(asked.target) != 1:
        parser.error("--replay needs the --target that the file is for")
    return asked


if __name__ == "__main__":
    sys.exit(main())
