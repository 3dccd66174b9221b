"""What a browser sees a page do → complaints: requests to other hosts, violated policies, failed scripts."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

EXPECTED = "Failed to load resource: the server responded with a status of 4"  # a test that asks for it


class Watch:
    """Watches every page of a context."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self._host = urlsplit(site).netloc
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)
        if urlsplit(request.url).netloc != self._host:
            self.complaints.append(f"asked another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.complaints.append(f"{message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"script failed: {error.error}")
