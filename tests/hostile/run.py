"""A target and a number of inputs → what came of them: starts workers, finds the dead ones and says why."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from esg.evaluate.processor import cpu_seconds
from esg.extract.base import ParseLimits
from tests.hostile.answer import Answer
from tests.hostile.confined import confined
from tests.hostile.targets import Target
from tests.hostile.worker import ROOT, Order

BATCH = 2000  # inputs of one process
OPENING_SECONDS = 300.0  # a fleet on a busy machine
IDLING = 4  # times its patience, for one that takes no processor
KILLED = ParseLimits(max_pages=50, timeout_seconds=20, memory_bytes=1024**3, ocr_pages=0, processes=2)


@dataclass
class Result:
    """What came of a target's inputs; `killed` are those that a limit of the sandbox ends, by the reason."""

    target: Target
    inputs: int = 0
    sandboxed: int = 0
    branches: int = 0
    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    crashes: list[dict[str, Any]] = field(default_factory=list)


def run(
    target: Target,
    inputs: int,
    *,
    seed: int,
    folder: Path,
    is_short: bool = False,
) -> Result:
    """Feed a target its corpus, then mutants of it, `inputs` in all; a short run leaves out what is slow."""
    folder.mkdir(parents=True, exist_ok=True)
    result, began, at = Result(target), time.monotonic(), 0
    while at < inputs:
        order = Order(target, seed, at, min(at + BATCH, inputs), str(folder), is_short)
        at = _batch(order, result)
    result.seconds = time.monotonic() - began
    return result


def _batch(order: Order, result: Result) -> int:
    """Let one process work; give the number of the input to go on with."""
    folder = Path(order.folder)
    (folder / "phase").unlink(missing_ok=True)
    (folder / "answers.jsonl").unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.hostile.worker", json.dumps(asdict(order))]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        code = _watched(process, folder / "phase", order.target.patience_seconds)
    over = _read(folder, result)
    if over:
        return order.last
    trying = json.loads(phase.read_text()) if (phase := folder / "phase").exists() else None
    if trying is None:
        raise RuntimeError(
            f"The target {order.target.name} could not be opened:\n{(folder / 'log').read_text()[-3000:]}"
        )
    _bury(trying, (folder / "trying").read_bytes(), code, folder, result)
    return int(trying["number"]) + 1


def _watched(process: "subprocess.Popen[bytes]", phase: Path, patience_seconds: float) -> int:
    """Wait for the end of a worker, and kill one that stays with an input.

    It may take so many seconds of the processor; a machine that does other work besides is not its fault.
    """
    seen, since, spent = 0, time.monotonic(), 0.0
    while process.poll() is None:
        time.sleep(0.05)
        stamp = phase.stat().st_mtime_ns if phase.exists() else 0
        waited = time.monotonic() - since
        if stamp != seen:
            seen, since, spent = stamp, time.monotonic(), _cpu_seconds(process.pid)
        elif waited > (IDLING * patience_seconds if stamp else OPENING_SECONDS) or (
            stamp and waited > patience_seconds and _cpu_seconds(process.pid) - spent > patience_seconds
        ):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return process.returncode


def _cpu_seconds(pid: int) -> float:
    """What a process has taken so far; 0 for one that has just ended."""
    try:
        return cpu_seconds(pid)
    except OSError:
        return 0.0


def _read(folder: Path, result: Result) -> bool:
    """Add up what a worker wrote; say whether it came to its end."""
    over = False
    journal = folder / "answers.jsonl"
    for line in journal.read_text().splitlines() if journal.exists() else ():
        said = json.loads(line)
        if said.get("over"):
            over = True
            result.sandboxed += said["sandboxed"]
            result.branches = max(result.branches, said["branches"])
            continue
        result.inputs += 1
        if "crash" in said:
            result.crashes.append(said)
        else:
            result.answers[said["answer"]] += 1
    return over


def _bury(trying: dict[str, Any], data: bytes, code: int, folder: Path, result: Result) -> None:
    """Say what killed a worker: a parse that the sandbox ends with a reason is an answer, else a crash."""
    result.inputs += 1
    told = f"the process ended with {code} in {trying['phase']}"
    if result.target.sandboxed and trying["phase"] in ("parse", "sandbox"):
        try:
            result.killed[apart(data)] += 1
        except AssertionError as error:
            told += f"; {error}"
        else:
            return
    file = folder / f"crash-{trying['number']:07}"
    file.write_bytes(data)
    result.crashes.append({**trying, "crash": told, "file": str(file)})


def apart(data: bytes) -> Answer:
    """`confined` in a process of its own: files that other threads of this one open are not the sandbox's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(confined, data, limits=KILLED).result()
