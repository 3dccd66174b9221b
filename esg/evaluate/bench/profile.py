"""Where the time of a report goes: shares of its wall time by stage, module, model and PDFium.

py-spy looks at all threads of our process and of its sandboxes from outside, native frames included, and
stops them while it looks: that makes Python slower, and native code less so. What a stage takes of the wall
is therefore timed in rounds that nobody watches, by turns with those that are. How that is divided is counted
in samples of threads at work, so that two threads of a stage weigh as one; one that waits weighs nothing.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from esg.evaluate.bench.contender import Unavailable
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.peers import ours
from esg.evaluate.bench.result import Bar, Figure, Result, ratio
from esg.evaluate.bench.rounds import OnTurn

Shares = dict[str, float]  # % of the wall
RATE = 100  # samples a second
ROOM_SHARE = Bar(10.0, is_upper=True)  # % of the wall, for each room of ours
NATIVE = {"libpdfium": "PDFium", "onnxruntime": "model"}
STAGES = {"esg/extract": "load", "esg/chunk": "split", "esg/embed": "embed"}  # else: rank
WAITS = frozenset(
    {
        *("time_sleep", "clock_nanosleep", "lock_PyThread_acquire_lock", "PyThread_acquire_lock_timed"),
        *("take_gil", "pthread_cond_wait", "pthread_cond_timedwait", "std::condition_variable::wait"),
        *("sem_wait", "sem_clockwait", "poll", "ppoll", "select", "epoll_wait", "waitid", "wait4", "waitpid"),
    }
)
WAIT_DEPTH = 4  # innermost frames in which a wait has its name; below it are the C library's nameless ones
NOTES = (
    "Samples of threads at work, weighed by the wall time that their stage takes when nobody watches; rounds "
    "with and without py-spy take turns. A thread that waits for another one, or for its sandbox, is not at "
    "work.",
)
MODULES = 15  # of those told, the costliest


def bench_profile(path: Path, *, rounds: int, on_turn: OnTurn = print) -> Result:
    """Score a report `rounds` times alone and as often watched, and once before to warm up.

    Raises Unavailable without py-spy.
    """
    machine = this_machine()
    with ours() as contender, tempfile.TemporaryDirectory() as folder:
        on_turn("warming up")
        contender.ask("report", path=str(path), questions=[], k=0)
        alone, watched, lines = [], [], list[str]()
        for number in range(rounds):
            on_turn(f"scoring {path.name}, round {number + 1} of {rounds}")
            alone.append(contender.ask("report", path=str(path), questions=[], k=0))
            samples = Path(folder) / f"samples-{number}"
            with _watched(contender.pid, samples):
                watched.append(contender.ask("report", path=str(path), questions=[], k=0))
            lines += samples.read_text(encoding="utf-8").splitlines()
    walls = {part: tuple(one["parts"][part] for one in alone) for part in alone[0]["parts"]}
    shares = by_module(lines, {part: median(found) for part, found in walls.items()})
    modules = {name: share for name, share in shares.items() if name not in NATIVE.values()}
    figures = [Figure(name, "%", (shares[name],)) for name in NATIVE.values()]
    figures += [Figure(room, "%", (share,), ROOM_SHARE) for room, share in _costliest(by_room(modules))]
    figures += [Figure(name, "%", (share,)) for name, share in _costliest(modules)[:MODULES]]
    figures += [Figure(f"wall: {part}", "s", found) for part, found in walls.items()]
    figures.append(ratio("wall when watched / alone", _seconds(watched), _seconds(alone)))
    return Result("profile", machine, {path.name: alone[0]["pages"]}, rounds, tuple(figures), notes=NOTES)


def _seconds(told: Sequence[Mapping[str, Any]]) -> tuple[float, ...]:
    return tuple(sum(one["parts"].values()) for one in told)


@contextmanager
def _watched(pid: int, samples: Path) -> Iterator[None]:
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    if spy is None:
        raise Unavailable("py-spy is not there: make setup")
    options = ["--native", "--subprocesses", "--rate", str(RATE), "--format", "raw", "--output", str(samples)]
    process = subprocess.Popen(  # noqa: S603  # nosec B603  # a locked tool, no shell
        [spy, "record", *options, "--pid", str(pid)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        time.sleep(1)  # it has to find the process's interpreter
        yield
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate()
    if not samples.exists():
        raise Unavailable(f"py-spy could not look into the process: {said.strip().splitlines()[-1:]}")


def by_module(lines: Iterable[str], walls: Mapping[str, float]) -> Shares:
    """Samples, each `frame;frame;… count`, and the seconds of each stage → per cent of the wall by module."""
    counted: dict[str, Counter[str]] = {part: Counter() for part in walls}
    for line in lines:
        stack, _, samples = line.rpartition(" ")
        frames = stack.split(";")
        module = _module(frames)
        if module and not _waits(frames):
            counted[_stage(frames)][module] += int(samples)
    whole = sum(walls.values())
    shares: Shares = defaultdict(float)
    for part, modules in counted.items():
        for module, count in modules.items():
            shares[module] += 100 * walls[part] / whole * count / modules.total()
    return shares


def by_room(modules: Mapping[str, float]) -> Shares:
    """Add up modules to the rooms of the library: esg/extract/pdf/words.py → esg/extract."""
    rooms: Shares = defaultdict(float)
    for module, share in modules.items():
        rooms["/".join(module.removesuffix(".py").split("/")[:2])] += share
    return rooms


def _costliest(shares: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(shares.items(), key=lambda item: -item[1])


def _module(frames: Sequence[str]) -> str:
    """Whom a sample is counted for: a native library, else the innermost module of ours; "" for neither."""
    for frame in reversed(frames):
        for library, name in NATIVE.items():
            if library in frame:
                return name
        if module := _ours(frame):
            return module
    return ""


def _waits(frames: Sequence[str]) -> bool:
    return any(frame.partition(" (")[0] in WAITS for frame in frames[-WAIT_DEPTH:])


def _stage(frames: Sequence[str]) -> str:
    """The stage that a thread works for: that of the outermost room which is one."""
    for frame in frames:
        for room, stage in STAGES.items():
            if room in frame:
                return stage
    return "rank"


def _ours(frame: str) -> str:
    """`name (esg/room/module.py:12)` → esg/room/module.py; the bench's own frames are nobody's."""
    _, _, place = frame.rpartition("(")
    module = place.partition(":")[0]
    start = module.find("esg/")
    found = module[start:] if start >= 0 else ""
    return "" if found.startswith("esg/evaluate") or not found.endswith(".py") else found
