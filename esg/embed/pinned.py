"""Read a model file only if it is the one we know."""

import hashlib

from esg.errors import Misconfigured


def check(name: str, data: bytes, *, sha256: str) -> None:
    """Raise Misconfigured unless `data` has the pinned SHA-256."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise Misconfigured(
            f"{name} is not the file this version was built for: SHA-256 {found[:16]}…, not {sha256[:16]}….",
            next_step="Install the locked packages again: make setup.",
        )
