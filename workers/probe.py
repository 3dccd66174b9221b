"""`python -m workers.probe ROLE|beat`: whether that process of this host does its work; exit code 1 when not.

    worker   its loop turns, it is connected, it takes from the queues of its role, its children are ready
    beat     it turns, and the broker took what it sent

A process that is stopped, hangs or has lost its broker is alive to its supervisor and fails here. With --live
a worker need not be ready, for whoever would restart what is only starting. Nothing but files is read, so it
costs the broker nothing: `alive`, `ready` and `sent` in `ESG_HOME/run/NAME/` (workers/presence.py).
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from esg.errors import EsgError
from esg.settings import Settings
from workers.presence import About, Presence
from workers.roles import ROLES

ALIVE_SECONDS = 15.0  # touched every 2 s by a worker, every 5 s by beat
READY_SECONDS = 90.0  # a child that is recycled loads what it needs meanwhile
SENT_SECONDS = 45.0  # beat sends something every 10 s


def main() -> None:
    """Print what is wrong, if anything is."""
    parser = argparse.ArgumentParser(prog="python -m workers.probe")
    parser.add_argument("role", choices=(*ROLES, "beat"))
    parser.add_argument("--live", action="store_true", help="do not ask whether a worker is ready")
    parser.add_argument("--name", default=os.environ.get("ESG_WORKER_NAME", ""), help="of one worker")
    asked = parser.parse_args()
    try:
        wrong = look(Settings().home, asked.role, name=asked.name, is_live_enough=asked.live)
    except EsgError as error:
        wrong = str(error)
    if wrong:
        print(wrong, file=sys.stderr)
        sys.exit(1)


def look(home: Path, role: str, *, name: str = "", is_live_enough: bool = False) -> str:
    """Say what is wrong with the processes of a role on this host; "" where nothing is."""
    found = list(_processes(home, role, name))
    if not found:
        return f"No process of {role} runs here."
    judged = (_beat(p) if role == "beat" else _worker(p, is_live_enough) for p in found)
    return " ".join(filter(None, judged))


def _processes(home: Path, role: str, name: str) -> Iterator[Presence]:
    works = ("beat",) if role == "beat" else ROLES[role].queues
    for folder in sorted((home / "run").glob(name or "*")):
        about = About.read(folder)
        if about and about.is_here and about.is_alive and set(works) <= set(about.works):
            yield Presence(home, folder.name)


def _worker(presence: Presence, is_live_enough: bool) -> str:
    stuck = _late(presence, "alive", ALIVE_SECONDS, "does not take messages")
    if stuck or is_live_enough:
        return stuck
    return _late(presence, "ready", READY_SECONDS, "has children that are not ready")


def _beat(presence: Presence) -> str:
    stuck = _late(presence, "alive", ALIVE_SECONDS, "does not turn")
    return stuck or _late(presence, "sent", SENT_SECONDS, "sends nothing")


def _late(presence: Presence, name: str, seconds: float, what: str) -> str:
    age = presence.age_seconds(name)
    if age is not None and age <= seconds:
        return ""
    since = "since it started" if age is None else f"for {age:.0f} s"
    return f"{presence.folder.name} {what} ({since})."


if __name__ == "__main__":
    main()
