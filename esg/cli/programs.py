"""The programs of a fleet on one machine, as a table: what `esg up` runs and where each is reached."""

import socket
from collections.abc import Sequence
from pathlib import Path

from esg.cli.child import Program
from esg.hosts import bracketed
from esg.settings import Settings
from esg.state import QUEUES

FLOWER_USER = "esg"
NICE_BESIDE_API = 5  # its p95 holds; each step more takes another fifth from a fleet beside a busy neighbour


def fleet_programs(settings: Settings, *, workers: int, whole: bool) -> tuple[Program, ...]:
    """List the processes: the worker roles and beat; with `whole` also the API and Flower.

    `workers` processes are started for each of `ingest` and `embed`, where the work is.
    """
    nice = str(_nice(settings, beside_api=whole))
    programs = [
        Program(name, ("-m", "workers", role), {"ESG_WORKER_NAME": name, "ESG_WORKER_NICE": nice})
        for role in QUEUES
        for name in worker_names(role, workers)
    ]
    programs.append(Program("beat", ("-m", "workers", "beat")))
    return (*programs, *(_fronts(settings) if whole else ()))


def _nice(settings: Settings, *, beside_api: bool) -> int:
    """Let workers give way to an API that they could keep from answering; without one, to nobody."""
    if settings.worker_nice is not None:
        return settings.worker_nice
    return NICE_BESIDE_API if beside_api else 0


def worker_names(role: str, workers: int) -> Sequence[str]:
    """Name the processes of a role: only ingest and embed are worth more than one on one machine."""
    count = workers if role in ("ingest", "embed") else 1
    return [role] if count == 1 else [f"{role}-{n}" for n in range(1, count + 1)]


def _fronts(settings: Settings) -> tuple[Program, ...]:
    api_port = settings.api_port or _port(settings.home / "api.port")
    flower_port = settings.flower_port or _port(settings.home / "flower.port")
    host = bracketed(settings.api_host)
    return (
        Program("api", ("-m", "api"), {"ESG_API_PORT": str(api_port)}, f"http://{host}:{api_port}"),
        Program("flower", ("-m", "celery", "-A", "esg", "flower"), _flower(settings, flower_port),
                f"http://127.0.0.1:{flower_port}"),
    )  # fmt: skip


def _flower(settings: Settings, port: int) -> dict[str, str]:
    """Flower reads FLOWER_*; the password is not put on a command line, where others could read it."""
    return {
        "FLOWER_ADDRESS": "127.0.0.1",
        "FLOWER_PORT": str(port),
        "FLOWER_BASIC_AUTH": f"{FLOWER_USER}:{flower_password(settings)}",
        "FLOWER_PERSISTENT": "True",
        "FLOWER_DB": str(settings.home / "flower.db"),
        "FLOWER_STATE_SAVE_INTERVAL": "60000",
        "FLOWER_MAX_TASKS": "20000",
    }


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
