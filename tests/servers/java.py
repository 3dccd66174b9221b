"""Find a Java of one version: several may be installed beside each other."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.servers import downloads
from tests.servers.server import Unavailable

# A server of a few minutes: what the second compiler makes faster has ended before it is paid for.
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def java(version: int, package: str) -> str:
    """Find a `java` of this version, from a Debian package if need be; raises Unavailable."""
    found = _find(version)
    if found is None:
        downloads.install(package)
        found = _find(version)
    if found is None:
        raise Unavailable(f"there is no Java {version}, and the package {package} did not bring it")
    return found


def _find(version: int) -> str | None:
    return next((path for path in _candidates() if _version(path) == version), None)


def _candidates() -> Iterator[str]:
    if home := os.environ.get("JAVA_HOME"):
        yield str(Path(home, "bin", "java"))
    if on_path := shutil.which("java"):
        yield on_path
    yield from map(str, sorted(Path("/usr/lib/jvm").glob("*/bin/java")))


def _version(path: str) -> int | None:
    try:
        said = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=60).stderr
    except OSError:
        return None
    match = re.search(r'version "(\d+)', said)
    return int(match[1]) if match else None
