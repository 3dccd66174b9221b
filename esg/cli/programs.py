"""The programs of a fleet on one machine, as a table: what `esg up` runs and where each is reached."""

import socket
from collections.abc import Sequence
from pathlib import Path

from esg.cli.child import Program
from esg.hosts import bracketed
from esg.settings import Settings
from esg.state import QUEUES

API = "api"
FLOWER_USER = "esg"
NICE_BESIDE_API = 5  # its p95 holds; each step more takes another fifth from a fleet beside a busy neighbour


def fleet_programs(settings: Settings, *, workers: int, whole: bool) -> tuple[Program, ...]:
    """List the processes in the order of their start: with `whole` the API; worker roles and beat; Flower.

    `workers` processes are started for each of `ingest` and `embed`, where the work is.
    """
    nice = str(_nice(settings, beside_api=whole))
    programs = [
        Program(name, ("-m", "workers", role), {"ESG_WORKER_NAME": name, "ESG_WORKER_NICE": nice})
        for role in QUEUES
        for name in worker_names(role, workers)
    ]
    programs.append(Program("beat", ("-m", "workers", "beat")))
    return (_api(settings), *programs, _flower(settings)) if whole else tuple(programs)


def _nice(settings: Settings, *, beside_api: bool) -> int:
    """Let workers give way to an API that they could keep from answering; without one, to nobody."""
    if settings.worker_nice is not None:
        return settings.worker_nice
    return NICE_BESIDE_API if beside_api else 0


def worker_names(role: str, workers: int) -> Sequence[str]:
    """Name the processes of a role: only ingest and embed are worth more than one on one machine."""
    count = workers if role in ("ingest", "embed") else 1
    return [role] if count == 1 else [f"{role}-{n}" for n in range(1, count + 1)]


def _api(settings: Settings) -> Program:
    port = settings.api_port or _port(settings.home / "api.port")
    url = f"http://{bracketed(settings.api_host)}:{port}"
    return Program(API, ("-m", "api"), {"ESG_API_PORT": str(port)}, url)


def _flower(settings: Settings) -> Program:
    """Flower reads FLOWER_*; the password is not put on a command line, where others could read it."""
    port = settings.flower_port or _port(settings.home / "flower.port")
    environment = {
        "FLOWER_ADDRESS": "127.0.0.1",
        "FLOWER_PORT": str(port),
        "FLOWER_BASIC_AUTH": f"{FLOWER_USER}:{flower_password(settings)}",
        "FLOWER_PERSISTENT": "True",
        "FLOWER_DB": str(settings.home / "flower.db"),
        "FLOWER_STATE_SAVE_INTERVAL": "60000",
        "FLOWER_MAX_TASKS": "20000",
    }
    arguments = ("-m", "celery", "-A", "esg", "flower")
    return Program("flower", arguments, environment, f"http://127.0.0.1:{port}")


def flower_password(settings: Settings) -> str:
    """Return the set password, else one made once and kept readable for the owner alone."""
    return settings.flower_password.get_secret_value() or settings.kept_secret("flower.password")


def _port(path: Path) -> int:
    """Return the port used last if it is still free, else a free one, and remember it."""
    if path.is_file() and _is_free(port := int(path.read_text())):
        return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    path.write_text(str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
