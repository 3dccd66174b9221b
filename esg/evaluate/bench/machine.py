"""Where a figure comes from: the processor, what else it did, and which code was measured."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from esg.cores import cores

LIBRARIES = (
    "celery",
    "duckdb",
    "numpy",
    "onnxruntime",
    "pyarrow",
    "pypdfium2",
    "redis",
    "sqlalchemy",
    "tokenizers",
)
TOLD_FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_int8", "amx_bf16")
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine at the moment when a bench began."""

    processor: str
    cores: int  # that this process may use
    features: tuple[str, ...]  # of the processor, those that decide how fast models are
    memory_gib: float
    load: float  # runnable processes, the mean of the last minute
    python: str
    libraries: dict[str, str]
    commit: str
    at: str  # ISO 8601, UTC

    @property
    def has_amx(self) -> bool:
        return "amx_tile" in self.features

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"features": list(self.features)}


def this_machine() -> Machine:
    """Describe the machine as it is now."""
    flags = _of_processor("flags").split()
    return Machine(
        processor=_of_processor("model name") or platform.processor() or platform.machine(),
        cores=cores(),
        features=tuple(name for name in TOLD_FEATURES if name in flags),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        load=round(os.getloadavg()[0], 2),
        python=platform.python_version(),
        libraries={name: importlib.metadata.version(name) for name in LIBRARIES},
        commit=_commit(),
        at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _of_processor(key: str) -> str:
    """Read a line of /proc/cpuinfo; "" where there is none."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = (line.partition(":") for line in lines)
    return next((value.strip() for name, _, value in found if name.strip() == key), "")


def _commit() -> str:
    """Name the commit of the checkout, `+` for changes since; "" outside of one."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return ""
    told = [
        _git(git, "rev-parse", "--short", "HEAD"),
        "+" if _git(git, "status", "--porcelain", "-uno") else "",
    ]
    return "".join(told)


def _git(git: str, *words: str) -> str:
    done = subprocess.run(  # noqa: S603  # nosec B603  # git of PATH, words of ours
        [git, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
