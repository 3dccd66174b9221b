"""source → document: bytes from a file, a folder, a URL or an upload, sniffed rather than believed."""

from esg.fetch.archive import ArchiveLimits, Unpacked, unpack
from esg.fetch.encoding import inflate
from esg.fetch.file import expand, expand_asked, read_file
from esg.fetch.http import Answer, as_document, ask, without_password
from esg.fetch.http import parse as check_url
from esg.fetch.limits import FetchLimits
from esg.fetch.source import fetch, from_bytes
from esg.fetch.upload import from_file

__all__ = [
    "Answer",
    "ArchiveLimits",
    "FetchLimits",
    "Unpacked",
    "as_document",
    "ask",
    "check_url",
    "expand",
    "expand_asked",
    "fetch",
    "from_bytes",
    "from_file",
    "inflate",
    "read_file",
    "unpack",
    "without_password",
]
