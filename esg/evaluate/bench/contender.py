"""A process that does the same work as others: ours, or a peer in an environment of its own."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

SERVE = Path(__file__).with_name("serve.py")
LONGEST_ANSWER_SECONDS = 3600.0
KERNEL_SETTINGS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # a site's, for libraries older than these
ENVIRONMENT = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "PYTHONWARNINGS": "ignore"}


class Unavailable(Exception):
    """A contender cannot take part here; its text says why."""


class Contender:
    """Start on entering, with its models loaded; `ask` is one piece of work."""

    def __init__(self, name: str, python: Path, script: Path) -> None:
        self.name = name
        self.versions: Mapping[str, str] = {}
        self.load_seconds = 0.0
        self.core: int | None = None  # to be pinned to, where it is one
        self._command = [str(python), str(SERVE), str(script)]

    def __enter__(self) -> Self:
        """Raises Unavailable where it cannot load what it needs."""
        self._said = tempfile.TemporaryFile()
        environment = {k: v for k, v in os.environ.items() if k not in KERNEL_SETTINGS} | ENVIRONMENT
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603  # ours or the checkout's own scripts, no shell
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env=environment,
        )
        if self.core is not None:
            os.sched_setaffinity(self._process.pid, {self.core})
        try:
            told = self._read()
        except Unavailable:
            self._end()
            raise
        self.versions, self.load_seconds = told["versions"], told["load_seconds"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        """Let it do one piece of work; raises Unavailable where it fails."""
        print(json.dumps({"operation": operation, **request}), file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> dict[str, Any]:
        timer = Timer(LONGEST_ANSWER_SECONDS, self._process.kill)
        timer.start()
        try:
            line = next(iter(self._process.stdout or ()), "")
        finally:
            timer.cancel()
        told: dict[str, Any] = json.loads(line) if line else {"failed": f"it ended: {self._last_words()}"}
        if reason := told.get("unavailable") or told.get("failed"):
            raise Unavailable(" ".join(str(reason).split())[:300])
        return told

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "without a word"

    def _end(self) -> None:
        """Close its way in, which ends it; `communicate` closes the others."""
        self._process.communicate()
        self._said.close()
