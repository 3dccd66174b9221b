"""`python -m workers ROLE`: set the environment that must be set before Celery loads, then become Celery."""

import argparse
import os
import shutil
import socket
import sys
from pathlib import Path

from esg.settings import Settings
from workers import roles
from workers.presence import Presence

BEAT = ["--app=esg", "--quiet", "beat"]


def main() -> None:
    """Become the worker, or beat, that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m workers")
    parser.add_argument("role", choices=(*roles.ROLES, "beat"))
    role = parser.parse_args().role
    settings = Settings()
    # In containers that share a home all processes have the same number, but each has its own host name.
    node = os.environ.get("ESG_WORKER_NAME") or f"{role}-{socket.gethostname()}-{os.getpid()}"
    if role != "beat":
        _prepare_metrics(Presence(settings.home, node).folder / "metrics")
    level = f"--loglevel={settings.log_level}"
    arguments = (
        [*BEAT, level]
        if role == "beat"
        else roles.command(role, node=node, judge=settings.judge, log_level=settings.log_level)
    )
    os.execv(sys.executable, [sys.executable, "-m", "celery", *arguments])  # noqa: S606  # no shell wanted


def _prepare_metrics(folder: Path) -> None:
    """Give prometheus_client an empty folder; whether processes share one it decides when imported."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


if __name__ == "__main__":
    main()
