"""A fleet of its own for a bench: real processes under a home that is removed afterwards."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from esg import broker
from esg.evaluate.bench.contender import Unavailable
from esg.evaluate.processor import cpu_seconds
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import State

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 3600.0
END_SECONDS = 120.0  # for a process that is asked to end: it ends its task first
OURS = ("ESG_", "REDIS_", "CELERY_")
LOOK_SECONDS = 0.02


class Fleet:
    """A broker and a database in `home`; workers are started one by one and end with the `with`."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.environment = bare_environment() | {"ESG_HOME": str(home), **environment}
        given = {name.removeprefix("ESG_").lower(): value for name, value in environment.items()}
        self.settings = Settings.model_validate({"home": home, **given})
        self.state: State = open_resources(self.settings).state
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.broker = broker.ensure(self.settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:  # each is done even where another fails
            stack.callback(self.state.close)
            stack.callback(broker.stop, self.settings)
            for name in self._processes:
                stack.callback(end, self._processes[name], name)

    def start(self, role: str, *, name: str = "", app: str = "esg.celery", core: int | None = None) -> None:
        """Start a worker of a role, on one core where that is given; `wait_ready` waits for it."""
        name = name or role
        self.run(name, ["-m", "workers", role, "--app", app], {"ESG_WORKER_NAME": name})
        if core is not None:
            os.sched_setaffinity(self._processes[name].pid, {core})

    def run(self, name: str, arguments: Sequence[str], environment: dict[str, str] | None = None) -> None:
        """Start a program of this environment."""
        log = self.settings.make_home() / f"{name}.log"
        with log.open("ab") as output:
            self._processes[name] = subprocess.Popen(  # noqa: S603  # nosec B603  # our own programs, no shell
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment | (environment or {}),
                stdout=output,
                stderr=output,
            )

    def wait_ready(self, *names: str) -> None:
        """Wait until the workers' children are warm and they take messages."""
        for name in names:
            ready = self.settings.home / "run" / name / "ready"
            self.wait(ready.exists, name, f"{name} to be ready")

    def wait(self, condition: Callable[[], object], name: str, what: str) -> None:
        """Raises Unavailable when the process `name` ends before the condition holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            if self._processes[name].poll() is not None or time.monotonic() > deadline:
                raise Unavailable(f"waited in vain for {what}: {self._last_words(name)}")
            time.sleep(LOOK_SECONDS)

    def stop(self, name: str) -> None:
        """Raises Unavailable, with its name, when a process does not end."""
        end(self._processes.pop(name), name)

    def cpu_seconds(self, name: str) -> float:
        """What a program and its children of now have computed, from /proc."""
        return sum(map(cpu_seconds, _family(self._processes[name].pid)))

    def _last_words(self, name: str) -> str:
        log = (self.settings.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return (log.strip().splitlines() or ["without a word"])[-1][:300]


@contextmanager
def whole_fleet(home: Path, *, workers: int = 1) -> Iterator[str]:
    """Run `esg up` in `home`; gives the API's address as soon as it is told."""
    command = [str(Path(sys.executable).with_name("esg")), "up", "--workers", str(workers), "--json"]
    with subprocess.Popen(  # noqa: S603  # nosec B603  # our own program, no shell
        command,
        env=bare_environment() | {"ESG_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as up:
        try:
            yield str(_first_value(up.stdout or ())["urls"]["api"])
        finally:
            end(up, "esg up")


def end(process: subprocess.Popen[Any], name: str, *, seconds: float = END_SECONDS) -> None:
    """Ask a process to end and wait; one that does not is killed with its children: raises Unavailable."""
    process.terminate()
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        for pid in _family(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate()
        raise Unavailable(
            f"{name} (process {process.pid}) did not end within {seconds:g} s and was killed"
        ) from error


def bare_environment() -> dict[str, str]:
    """This environment without what would lead a process to another fleet."""
    return {key: value for key, value in os.environ.items() if not key.startswith(OURS)}


def _family(pid: int) -> list[int]:
    """A process and all below it, as they are now."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return [pid]
    return [pid, *(each for child in children for each in _family(int(child)))]


def _first_value(lines: Any) -> Any:
    """Read JSON off a stream that stays open: it is whole with the brace that stands alone."""
    text = ""
    for line in lines:
        text += line
        if line == "}\n":
            break
    return json.loads(text)
