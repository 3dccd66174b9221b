"""Peers → contenders: each in an environment of its own, built once from its lock, outside the checkout."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from esg.evaluate.bench.contender import Contender, Unavailable

FOLDER = Path(__file__).parents[3] / "tests" / "bench" / "peers"


def ours() -> Contender:
    """This checkout, in this environment."""
    return Contender("esg", Path(sys.executable), Path(__file__).with_name("ours.py"))


def peer(name: str) -> Contender:
    """Make a peer's environment where it is missing; raises Unavailable where that cannot be done."""
    folder = FOLDER / name
    if not folder.is_dir():
        raise Unavailable("the peers are in the checkout, not in the installed package")
    return Contender(name, _python(folder), folder / "peer.py")


def _python(folder: Path) -> Path:
    lock = folder / "requirements.lock"
    home = _cache() / f"{folder.name}-{sha256(lock.read_bytes()).hexdigest()[:12]}"
    ready = home / ".ready"
    if not ready.exists():
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        _uv("venv", "--quiet", "--clear", "--python", python, str(home))
        _uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(home / "bin" / "python"), str(lock))
        ready.touch()
    return home / "bin" / "python"


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "esg" / "peers"


def _uv(*words: str) -> None:
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        raise Unavailable("uv is not there to build its environment: make setup")
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(  # noqa: S603  # nosec B603  # uv of our environment, words of ours
        [uv, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["without a word"]
        raise Unavailable(f"its environment could not be built: {lines[-1]}")
