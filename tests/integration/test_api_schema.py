"""The live API against its own description: schemathesis with its checks, by examples and by links.

The seed is fixed and the time is boxed; raise `ESG_TEST_EXAMPLES` to look further.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.openapi_sample import COMPANY
from esg import broker
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.serving import serving, upload
from tests.fakes.workshop import ROOT, work_off

EXAMPLES = os.environ.get("ESG_TEST_EXAMPLES", "3")
SECONDS = 90
PROGRAM = Path(sys.executable).with_name("schemathesis")
OPTIONS = (
    *("--mode", "all", "--seed", "1", "--max-examples", EXAMPLES),
    *("--max-time", str(SECONDS), "--generation-database", "none", "--no-color"),
)


@contextmanager
def ending_jobs(settings: Settings) -> Iterator[None]:
    """No fleet runs here: a job is soon cancelled, so that nobody listens to its events for ever."""
    state, is_over = open_resources(settings).state, threading.Event()

    def end() -> None:
        while not is_over.wait(0.5):
            for job in [*state.jobs(200, "queued"), *state.jobs(200, "running")]:
                state.cancel(job.id)

    thread = threading.Thread(target=end, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        state.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_api_keeps_what_its_description_says(settings: Settings, tmp_path: Path) -> None:
    broker.ensure(settings)
    with serving(settings) as client:
        upload(client, company=COMPANY.name, year="2024")  # the report that the examples ask for
        work_off(settings.home)
        config = Path(__file__).with_name("schemathesis.toml")
        described = f"{str(client.base_url).rstrip('/')}/openapi.json"
        with ending_jobs(settings):
            done = subprocess.run(
                [PROGRAM, "--config-file", config, "run", described, *OPTIONS],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                env=os.environ
                | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.fakes.schemathesis_hooks"},
            )

    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "Stateful" in done.stdout
