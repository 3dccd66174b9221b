"""source → document: bytes from a file, a folder, a URL or an upload, sniffed rather than believed."""

from esg.fetch.file import expand, expand_asked
from esg.fetch.http import parse as check_url
from esg.fetch.http import without_password
from esg.fetch.limits import FetchLimits
from esg.fetch.source import fetch, from_bytes

__all__ = ["FetchLimits", "check_url", "expand", "expand_asked", "fetch", "from_bytes", "without_password"]
