"""A fleet of real processes for tests: an embedded broker and workers under a temporary ESG_HOME."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import sqlalchemy as sa
from reportlab.pdfgen.canvas import Canvas

from esg import broker
from esg.celery import Fleet as App
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.state import Job, Unit

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120.0  # a busy machine is slow, not wrong
QUICK = {  # leases and sweeps that are over soon, so that a lost worker is noticed within the test
    "ESG_LEASE_SECONDS": "3",
    "ESG_SWEEP_SECONDS": "0.3",
    "ESG_REQUEUE_AFTER_SECONDS": "5",
    "ESG_RETRY_BASE_SECONDS": "0.2",
    "ESG_DRAIN_SECONDS": "3",
    "ESG_FETCH_ALLOW_PRIVATE": "true",
    "ESG_WORKER_NICE": "0",  # else they wait for the tests, which wait for them
}
Value = TypeVar("Value")


@dataclass
class Worker:
    """A started process; it is started again under its name by `Fleet.supervise`."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def end(self) -> None:
        """Kill it and its children, whatever it does."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Fleet:
    """Start with `start`, look with `state`, wait with `until`; a `with` leaves nothing behind."""

    def __init__(self, home: Path, *, is_supervised: bool = False, **environment: str) -> None:
        self.home = home
        self.is_supervised = is_supervised
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("ESG_", "REDIS_", "CELERY_"))},
            **QUICK,
            "ESG_HOME": str(home),
            **environment,
        }
        self.workers: dict[str, Worker] = {}
        quick = {
            k.removeprefix("ESG_").lower(): v for k, v in self.environment.items() if k.startswith("ESG_")
        }
        self.settings = Settings.model_validate(quick)
        self.resources: Resources = open_resources(self.settings)
        self.state = self.resources.state
        broker.ensure(self.settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def app(self) -> App:
        """Give an app of this fleet's broker; one that was told of none starts its own in the checkout."""
        app = App("tests")
        app.config_from_object("celeryconfig")
        app.conf.broker_url = broker.ensure(self.settings)
        return app

    # -- processes

    def start(self, *names: str, is_faulty: bool = True, **environment: str) -> None:
        """Start workers (a role, or role-2) and beats, and wait until all are ready."""
        for name in names:
            role = name.partition("-")[0]
            app = "tests.fakes.faulty" if is_faulty else "esg.celery"
            command = [sys.executable, "-m", "workers", role, "--app", app]
            self._run(name, command, {"ESG_WORKER_NAME": name, **environment})
        self.until(lambda: all(self.is_ready(n) for n in names), f"{', '.join(names)} ready")

    def _run(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        worker = Worker(name, command, {**self.environment, **environment}, self.home / f"{name}.log")
        worker.start()
        self.workers[name] = worker

    def is_ready(self, name: str) -> bool:
        role = name.partition("-")[0]
        if role == "beat":
            return "beat: Starting" in (self.home / f"{name}.log").read_text()
        return (self.home / "run" / name / "ready").exists()

    def supervise(self) -> None:
        """Start again what is dead, as `esg up` does."""
        for worker in self.workers.values():
            if not worker.is_running:
                worker.process.wait()
                worker.start()

    def end(self) -> None:
        """End all workers as a supervisor does: what is in hand is done, what they have to tell is sent."""
        for worker in self.workers.values():
            worker.send(signal.SIGTERM)
        for worker in self.workers.values():
            worker.process.wait(60)

    def stop(self, *names: str) -> None:
        """Kill workers, or all and the broker."""
        for name in names or tuple(self.workers):
            self.workers.pop(name).end()
        if not names:
            broker.stop(self.settings)
            self.state.close()

    # -- faults, done by tests/fakes/faulty.py inside the workers

    def inject(self, fault: str, *, task: str, source: str, times: int = 1) -> Path:
        """Let a task on a document do something bad, so many times; returns the folder it reports to."""
        folder = self.home / "faults" / f"{task}-{time.time_ns()}"
        folder.mkdir(parents=True)
        fault_file = folder / "fault.json.new"
        fault_file.write_text(json.dumps({"fault": fault, "task": task, "source": source, "times": times}))
        fault_file.replace(folder / "fault.json")
        return folder

    def victims(self, folder: Path) -> list[tuple[int, int]]:
        """Give the process and its parent of each body that the fault has met, in order."""
        found = sorted(folder.glob("met-*"), key=lambda path: path.stat().st_mtime_ns)
        return [(int(pid), int(parent)) for _, pid, parent, _ in (path.name.split("-") for path in found)]

    # -- looking

    def submit(self, source: Path | str, **options: object) -> str:
        return self.state.submit(str(source), **options).id  # type: ignore[arg-type]

    def probe(self, subject: str, fault: str = "", times: int = 1) -> tuple[str, Path]:
        """Open a stage run of the task index.probe; returns its id and the folder of its fault."""
        folder = self.inject(fault, task="index.probe", source=subject, times=times)
        return self.state.enqueue(Unit("index.probe", subject, {"source": subject})), folder

    def unit(self, unit_id: str) -> dict[str, object]:
        """Read a stage run's row."""
        with self.state.engine.connect() as connection:
            query = sa.text("SELECT * FROM stage_runs WHERE id = :id")
            return dict(connection.execute(query, {"id": unit_id}).mappings().one())

    def until_state(self, unit_id: str, state: str) -> dict[str, object]:
        """Wait until a stage run is in a state, and read it."""
        self.until(lambda: self.unit(unit_id)["state"] == state, f"{unit_id} to be {state}")
        return self.unit(unit_id)

    def until_met(self, folder: Path, times: int = 1) -> tuple[int, int]:
        """Wait until a body has met its fault; gives its process and its worker's."""
        self.until(lambda: len(self.victims(folder)) >= times, f"{folder.name} met {times} times")
        return self.victims(folder)[times - 1]

    def jobs(self, ids: Sequence[str]) -> list[Job]:
        return [self.state.job(job_id) for job_id in ids]

    def until_over(self, ids: Sequence[str]) -> list[Job]:
        """Wait until every job has come to its end."""
        self.until(lambda: all(job.is_over for job in self.jobs(ids)), "jobs over")
        return self.jobs(ids)

    def until_scored(self, ids: Sequence[str]) -> list[Job]:
        """Wait until every job is over, and insist that each ended with a scorecard."""
        ended = self.until_over(ids)
        assert [job.state for job in ended] == ["scored"] * len(ids), self.report()
        return ended

    def until(self, condition: Callable[[], Value], what: str, seconds: float = PATIENCE_SECONDS) -> Value:
        """Wait for a condition; when it does not come, say what the fleet was doing."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.is_supervised:
                self.supervise()
            if value := condition():
                return value
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds:.0f} s for: {what}\n{self.report()}")

    def count(self, table: str, **where: object) -> int:
        """Count rows."""
        conditions = " AND ".join(f"{column} = :{column}" for column in where) or "1 = 1"
        with self.state.engine.connect() as connection:
            query = sa.text(f"SELECT count(*) FROM {table} WHERE {conditions}")
            return int(connection.execute(query, where).scalar_one())

    def report(self) -> str:
        """Tell everything that helps to understand a failure."""
        jobs = "\n".join(f"{j.state} {j.stage} {j.source} {j.reason}" for j in self.state.jobs())
        with self.state.engine.connect() as connection:
            query = "SELECT task, state, attempts, retries, lost, hints, lease_owner, error FROM stage_runs"
            units = "\n".join(str(tuple(row)) for row in connection.execute(sa.text(query)))
        logs = "\n".join(f"--- {w.name}\n{_tail(w.log)}" for w in self.workers.values())
        return f"{jobs}\n{units}\n{logs}"


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-25:])


def write_report(path: Path, *, company: str = "Acme", pages: int = 2, tag: str = "") -> Path:
    """Write a small report as PDF; `tag` makes its bytes, and so the document, unlike any other."""
    canvas = Canvas(str(path), invariant=1)
    for page in range(1, pages + 1):
        text = canvas.beginText(72, 760)
        for line in _lines(company, page, tag):
            text.textLine(line)
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return path


def _lines(company: str, page: int, tag: str) -> list[str]:
    return [
        f"{company} Sustainability Report 2024 {tag} page {page}",
        "",
        f"{company} has set a target to reduce its Scope 1 and Scope 2 emissions by 42% by 2030",
        "from a 2019 base year. The target was validated by the Science Based Targets initiative.",
        "The board of directors reviews climate risks twice a year.",
        f"Our Scope 1 emissions were {1200 + page} tCO2e in 2024 and energy use was {3400 + page} MWh.",
        "A limited assurance statement was provided by an independent auditor.",
    ]
