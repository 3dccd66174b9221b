"""source → document: bytes from a file, a folder, a URL or an upload, sniffed rather than believed."""

from esg.fetch.file import expand
from esg.fetch.limits import FetchLimits
from esg.fetch.source import fetch, from_bytes

__all__ = ["FetchLimits", "expand", "fetch", "from_bytes"]
