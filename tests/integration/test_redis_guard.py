"""The guard against the reconnect crash of Celery 5.7.0: docs/adr/0001-celery-version.md."""

import subprocess
import sys

import pytest

from esg import broker
from esg.settings import Settings

# What Celery's consumer does when its connection broke: close it, which asks the closed channel this.
CLOSE_AND_ASK = """
import sys
from collections.abc import Iterator
from kombu import Connection
from redis.exceptions import ConnectionError
if "guarded" in sys.argv:
    import workers.bootsteps.redis_guard
connection = Connection(sys.argv[1])
channel = connection.channel()
connection.close()
try:
    channel._connparams()
except ConnectionError:
    print("a connection error")
except AttributeError:
    print("a crash")
"""


@pytest.fixture
def url(settings: Settings) -> str:
    return broker.ensure(settings)


def test_a_closed_channel_raises_what_celery_ignores(url: str) -> None:
    assert _close_and_ask(url, "guarded") == "a connection error"


def test_the_guard_is_still_needed(url: str) -> None:
    """When this fails, upstream raises a connection error by itself: remove the guard and this file."""
    assert _close_and_ask(url) == "a crash"


def _close_and_ask(*arguments: str) -> str:
    command = [sys.executable, "-c", CLOSE_AND_ASK, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
