"""Where the time of a report goes: shares of its wall time by stage, module, model and PDFium.

py-spy looks at all threads of our process and of its sandboxes from outside, native frames included. What
a stage takes of the wall is timed; how that is divided is counted in samples of threads at work, so that two
threads of a stage weigh as one.
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

from esg.evaluate.bench.contender import Unavailable
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.peers import ours
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.bench.rounds import OnTurn

Shares = dict[str, float]  # % of the wall
RATE = 100  # samples a second
ROOM_SHARE = Bar(10.0, is_upper=True)  # % of the wall, for each room of ours
NATIVE = {"libpdfium": "PDFium", "onnxruntime": "model"}
STAGES = {"esg/extract": "load", "esg/chunk": "split", "esg/embed": "embed"}  # else: rank
WAITING = frozenset({"esg/extract/sandbox/watch.py"})  # for a sandbox, whose own samples are counted
NOTES = ("Samples of threads at work, weighed by the wall time of their stage; one report after another.",)
MODULES = 15  # of those told, the costliest


def bench_profile(path: Path, *, rounds: int, on_turn: OnTurn = print) -> Result:
    """Score a report `rounds` times and once before to warm up; raises Unavailable without py-spy."""
    machine = this_machine()
    with ours() as contender, tempfile.TemporaryDirectory() as folder:
        on_turn("warming up")
        contender.ask("report", path=str(path), questions=[], k=0)
        samples = Path(folder) / "samples"
        with _watched(contender.pid, samples):
            on_turn(f"scoring {path.name}")
            told = [contender.ask("report", path=str(path), questions=[], k=0) for _ in range(rounds)]
        lines = samples.read_text(encoding="utf-8").splitlines()
    walls = {part: sum(one["parts"][part] for one in told) for part in told[0]["parts"]}
    shares = by_module(lines, walls)
    modules = {name: share for name, share in shares.items() if name not in NATIVE.values()}
    figures = [Figure(name, "%", (shares[name],)) for name in NATIVE.values()]
    figures += [Figure(room, "%", (share,), ROOM_SHARE) for room, share in _costliest(by_room(modules))]
    figures += [Figure(name, "%", (share,)) for name, share in _costliest(modules)[:MODULES]]
    figures += [Figure(f"wall: {part}", "s", (wall / rounds,)) for part, wall in walls.items()]
    return Result("profile", machine, {path.name: told[0]["pages"]}, rounds, tuple(figures), notes=NOTES)


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
        if module and module not in WAITING:
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
