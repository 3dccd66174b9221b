"""robots.txt (RFC 9309): what a site does not want crawled is left alone."""

from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from esg.errors import Rejected
from esg.fetch import Answer

AGENT = "esg-engine"


class Robots:
    """The rules of each site, read when it is first asked for."""

    def __init__(self, ask: Callable[[str], Answer | None]) -> None:
        self._ask = ask
        self._rules: dict[str, RobotFileParser] = {}

    def check(self, url: str) -> None:
        """Raise Rejected where the site does not want a URL crawled, Transient where it does not say yet."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._read(f"{site}/robots.txt")
        if not self._rules[site].can_fetch(AGENT, url):
            raise Rejected(f"{site}/robots.txt does not want {url} crawled.", code="robots")

    def _read(self, url: str) -> RobotFileParser:
        """A site without the file allows everything (RFC 9309 §2.3.1.3)."""
        rules = RobotFileParser()
        try:
            answer = self._ask(url)
        except Rejected:
            answer = None
        rules.parse(answer.data.decode("utf-8", "replace").splitlines() if answer else [])
        return rules
