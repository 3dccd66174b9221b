"""The chart as it renders with each set of values."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

HELM_FOLDER = Path(__file__).parents[2] / "infra" / "helm"
VALUES = sorted(path.stem for path in (HELM_FOLDER / "values").glob("*.yaml"))
FLEETS = [name for name in VALUES if name != "embedded-minimal"]

Manifest = dict[str, Any]
Render = Callable[..., list[Manifest]]


@pytest.fixture(scope="session")
def helm() -> str:
    """The helm that `make check-helm` has built."""
    found = shutil.which(os.environ.get("HELM", "helm"))
    if found is None:
        pytest.skip("there is no helm; run: make check-helm")
    return found


@pytest.fixture(scope="session")
def template(helm: str) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run `helm template` with sets of values by name, and options."""

    def run(*names: str, options: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
        chosen = [f"--values={HELM_FOLDER / 'values' / name}.yaml" for name in names]
        command = [helm, "template", "esg", str(HELM_FOLDER / "esg"), "--namespace=esg", *chosen, *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def render(template: Callable[..., "subprocess.CompletedProcess[str]"]) -> Render:
    """Give the objects that the chart makes of sets of values."""

    def build(*names: str, options: Sequence[str] = ()) -> list[Manifest]:
        ran = template(*names, options=options)
        assert ran.returncode == 0, ran.stderr
        return [manifest for manifest in yaml.safe_load_all(ran.stdout) if manifest]

    return build
