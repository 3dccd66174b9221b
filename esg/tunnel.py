"""An ngrok agent's local API → the public addresses under which it leads to this machine.

https://ngrok.com/docs/agent/api: `GET /api/tunnels` lists what the agent serves; a name may change whenever
it starts anew, so it is asked, not set.
"""

import logging
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from esg.errors import Transient

TIMEOUT_SECONDS = 2.0
FRESH_SECONDS = 5.0  # how old what the agent said may be

logger = logging.getLogger("esg.tunnel")


def public_urls(api: str) -> list[str]:
    """Ask the agent for its public addresses, those with TLS alone; raises Transient."""
    try:
        answer = httpx.get(f"{api.rstrip('/')}/api/tunnels", timeout=TIMEOUT_SECONDS, trust_env=False)
        tunnels = answer.raise_for_status().json()["tunnels"]
        urls = [str(tunnel["public_url"]) for tunnel in tunnels]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise Transient(
            f"The ngrok agent at {api} does not tell its tunnels ({type(error).__name__}).",
            next_step="Check ESG_NGROK_API_URL and NGROK_AUTH_TOKEN, and that the agent runs.",
        ) from error
    return [url for url in urls if url.startswith("https://")]


class Tunnel:
    """The names that an agent gives this machine, asked again every few seconds. Threads may share it."""

    def __init__(self, api: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._now = clock
        self._asking = threading.Lock()
        self._names: frozenset[str] = frozenset()
        self._asked_at = float("-inf")

    @property
    def is_set(self) -> bool:
        return bool(self._api)

    def has(self, host: str) -> bool:
        """Whether a Host header is one of the names; none are while the agent is away.

        Only one thread asks at a time, and the others go by what was said last: whoever calls by wrong names
        cannot hold them all.
        """
        is_first = self._asked_at == float("-inf")
        if self._is_due() and self._asking.acquire(blocking=is_first):
            try:
                if self._is_due():  # else another has asked meanwhile
                    self._names = self._ask()
                    self._asked_at = self._now()
            finally:
                self._asking.release()
        return (urlsplit(f"//{host}").hostname or "") in self._names

    def _is_due(self) -> bool:
        return self._now() - self._asked_at >= FRESH_SECONDS

    def _ask(self) -> frozenset[str]:
        try:
            return frozenset(urlsplit(url).hostname or "" for url in public_urls(self._api)) - {""}
        except Transient as error:
            logger.warning("%s", error)
            return frozenset()
