"""What no wheel carries, fetched once to outside the checkout: Maven artifacts and Debian packages."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.servers.server import Unavailable

CACHE = Path(os.environ.get("ESG_STACK_CACHE") or Path("~/.cache/esg-stack").expanduser())
FETCH_SECONDS = 900


def program(name: str, package: str) -> str:
    """Find a program on the PATH, from a Debian package if need be; raises Unavailable."""
    if not shutil.which(name):
        install(package)
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"there is no {name}, and the package {package} did not bring it")
    return found


def install(package: str) -> None:
    """Install a Debian package; raises Unavailable."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], environment)
    wait = ["-o", "DPkg::Lock::Timeout=300"]  # for whoever else installs something now
    _run(["apt-get", *wait, "install", "-y", "-qq", "--no-install-recommends", package], environment)


def maven(pom: Path) -> Path:
    """Give the folder with all that the dependencies of a pom.xml need to run; raises Unavailable.

    Versions are pinned in the pom; Maven checks what it fetches against the checksums of the registry. A
    folder is complete once it has its own name in it, so a broken download is done again.
    """
    folder = CACHE / f"{pom.parent.name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    if not (folder / ".complete").is_file():
        goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
        options = ["--batch-mode", "--quiet", "--strict-checksums", "--file", str(pom)]
        _run([program("mvn", "maven"), *options, goal, f"-DoutputDirectory={folder}"], dict(os.environ))
        (folder / ".complete").touch()
    return folder


def _run(command: list[str], environment: dict[str, str]) -> None:
    try:
        subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=FETCH_SECONDS
        )
    except FileNotFoundError as error:
        raise Unavailable(f"there is no {command[0]}") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines() or ["nothing"]
        raise Unavailable(f"{' '.join(command[:2])} failed: {said[-1]}") from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{' '.join(command[:2])} took more than {FETCH_SECONDS} s") from error
