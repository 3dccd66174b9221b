"""The SDK's client: one per process, opened when it is first needed, with a new token when one is refused."""

import logging
import os
import weakref
from threading import Lock

import httpx
from ibm_watsonx_ai import APIClient, Credentials

from esg.watsonx.account import Account
from esg.watsonx.transport import AttemptEnd, Through, open_http, trusting

logging.getLogger("ibm_watsonx_ai").setLevel(logging.CRITICAL)  # it logs answers: text of reports


class _OfProcess:
    def __init__(self) -> None:
        self.lock = Lock()
        self.http: httpx.Client | None = None
        self.client: APIClient | None = None


class Clients:
    """Threads share a client; a forked child never touches its parent's, and never closes it either.

    A connection used across a fork mixed up two processes' answers (FACTS); a lock that another thread held
    when the fork came would be held for ever. So both are kept by process id.
    """

    def __init__(self, account: Account, end: AttemptEnd, through: Through | None = None) -> None:
        self._account = account
        self._end = end
        self._through = through
        self._of_process: dict[int, _OfProcess] = {}

    def client(self) -> APIClient:
        """Give this process's client; the first call asks for a token."""
        mine = self._mine()
        with mine.lock:
            if mine.client is None:
                mine.client = self._open(mine)
            return mine.client

    def renew(self, refused: APIClient) -> None:
        """Forget a client whose token was refused, unless another thread did so already."""
        mine = self._mine()
        with mine.lock:
            if mine.client is refused:
                mine.client = None

    def close(self) -> None:
        """Close this process's connections."""
        mine = self._of_process.pop(os.getpid(), None)
        if mine is not None and mine.http is not None:
            mine.http.close()

    def _mine(self) -> _OfProcess:
        return self._of_process.setdefault(os.getpid(), _OfProcess())

    def _open(self, mine: _OfProcess) -> APIClient:
        account = self._account
        tls = trusting(account.ca)
        if mine.http is None:
            mine.http = open_http(tls, self._end, self._through)
            weakref.finalize(self, _close_own, os.getpid(), mine.http)
        credentials = Credentials(
            url=account.url,
            platform_url=APIClient.PLATFORM_URLS_MAP.get(account.url.rstrip("/"), account.url),
            auth_url=account.token_url,
            api_key=account.api_key.get_secret_value(),
            verify=str(account.ca) if account.ca else True,
        )
        client = APIClient(
            credentials, httpx_client=mine.http, async_httpx_client=httpx.AsyncClient(verify=tls)
        )
        client.default_project_id = account.project_id  # given to the constructor, it would be looked up
        return client


def _close_own(pid: int, http: httpx.Client) -> None:
    """Say goodbye on one's own connections alone: on a parent's it would end the parent's session."""
    if os.getpid() == pid:
        http.close()
