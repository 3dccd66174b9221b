"""The script, the style sheet and the icon of our pages, each at an address that names its bytes."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from esg import report


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages ask for; `address` changes with its bytes, so a browser may keep it for ever."""

    name: str
    media_type: str
    data: bytes

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()[:16]

    @property
    def address(self) -> str:
        return f"/assets/{self.digest}/{self.name}"


@cache
def assets() -> dict[str, Asset]:
    """All of them, by name; the sheet is the report's own and what only the pages need."""
    sheet = report.style().encode() + _file("esg.css")
    found = (
        Asset("esg.css", "text/css; charset=utf-8", sheet),
        Asset("esg.js", "text/javascript; charset=utf-8", _file("esg.js")),
        Asset("icon.svg", "image/svg+xml", _file("icon.svg")),
    )
    return {asset.name: asset for asset in found}


def address(name: str) -> str:
    """Where a page asks for a file; raises KeyError for one that is not there."""
    return assets()[name].address


def _file(name: str) -> bytes:
    return (resources.files("api") / "web" / name).read_bytes()
