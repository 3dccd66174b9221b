"""docker-compose.yml as Docker Compose itself reads it, with every profile on."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import compose
import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / ".env.production.example"
PROFILES = ("lake", "vectors", "observability", "tunnel")

Service = Mapping[str, Any]
Resolve = Callable[..., Mapping[str, Any]]


@pytest.fixture(scope="session")
def resolve() -> Resolve:
    """Let Docker Compose resolve the file with an environment file and profiles."""
    program = Path(next(iter(compose.__path__))) / "docker-compose"

    def run(env_file: Path = EXAMPLE, *, profiles: tuple[str, ...] = PROFILES) -> Mapping[str, Any]:
        switched_on = [word for profile in profiles for word in ("--profile", profile)]
        resolved = subprocess.run(
            [program, "--env-file", env_file, *switched_on, "config", "--format", "json"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "ESG_ENV_FILE": str(env_file)},
            capture_output=True,
            text=True,
            check=True,
        )
        read: Mapping[str, Any] = json.loads(resolved.stdout)
        return read

    return run


@pytest.fixture(scope="session")
def whole(resolve: Resolve) -> Mapping[str, Any]:
    return resolve()


@pytest.fixture(scope="session")
def services(whole: Mapping[str, Any]) -> Mapping[str, Service]:
    found: Mapping[str, Service] = whole["services"]
    return found
