"""`python -m workers ROLE`: set the environment that must be set before Celery loads, then be the worker."""

import argparse
import os
import shutil
import socket
import sys
from importlib import import_module
from pathlib import Path

from esg import collector, logs
from esg.errors import EsgError
from esg.niceness import give_way
from esg.startup import settings_to_start_by
from workers import roles
from workers.presence import Presence


def main() -> None:
    """Be the worker, or beat, that the command line names, until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m workers")
    parser.add_argument("role", choices=(*roles.ROLES, "beat"))
    parser.add_argument("--app", default="esg.celery", help="module of the Celery application")
    asked = parser.parse_args()
    try:
        settings = settings_to_start_by(*(("webhook_secret",) if asked.role == "control" else ()))
    except EsgError as error:
        print(f"esg: {error}", file=sys.stderr)
        sys.exit(2)
    logs.configure(settings.log_level)  # what is said before Celery sets its logging up
    # In containers that share a home all processes have the same number, but each has its own host name.
    node = os.environ.get("ESG_WORKER_NAME") or f"{asked.role}-{socket.gethostname()}-{os.getpid()}"
    os.environ["ESG_WORKER_ROLE"] = asked.role  # for the children, and for the names of services in traces
    if asked.role != "beat":
        give_way(settings.worker_nice or 0)
        _prepare_metrics(Presence(settings.home, node).folder / "metrics")
    app = import_module(asked.app).app
    collector.leave_out_what_is_loaded()
    if asked.role == "beat":
        app.Beat(loglevel=settings.log_level, quiet=True).run()
        return
    # As Celery's own command does, which takes a third longer to start: it loads Flower and a shell.
    node = f"{node}@{socket.gethostname()}"
    worker = app.Worker(
        **roles.options(asked.role, node=node, judge=settings.judge, log_level=settings.log_level)
    )
    worker.start()
    sys.exit(worker.exitcode)


def _prepare_metrics(folder: Path) -> None:
    """Give prometheus_client an empty folder; whether processes share one it decides when imported."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


if __name__ == "__main__":
    main()
