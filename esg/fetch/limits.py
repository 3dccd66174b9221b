"""What fetching one document may cost."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FetchLimits:
    max_bytes: int = 200 * MEBIBYTE
    timeout_seconds: float = 60.0  # from the first look-up to the last byte, all redirects included
    allow_private: bool = False  # let a URL lead to a private address (tests only)
