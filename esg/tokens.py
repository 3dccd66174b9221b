"""An API key as its holder has it, `esg_<id>_<secret>`, and what is kept of it: its id and a hash."""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

ID_BYTES = 6  # names the key in lists and logs; no secret
SECRET_BYTES = 32  # 256 random bits

_KEY = re.compile(r"esg_([0-9a-f]{12})_[0-9a-f]{64}", re.ASCII)


class Minted(NamedTuple):
    """A key just made. `text` is shown to its holder once and kept nowhere."""

    id: str
    text: str
    sha256: str


def mint() -> Minted:
    """Make a key from the system's randomness."""
    name = secrets.token_hex(ID_BYTES)
    text = f"esg_{name}_{secrets.token_hex(SECRET_BYTES)}"
    return Minted(name, text, digest(text))


def id_of(text: str) -> str:
    """The id that a key names; "" for what is no key."""
    match = _KEY.fullmatch(text)
    return match[1] if match else ""


def digest(text: str) -> str:
    """Hash a key, as 64 hexadecimal digits of SHA-256.

    No slow hash and no salt: these protect words that people choose, which can be guessed. 256 random bits
    cannot, however fast the hash is.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def is_of(text: str, sha256: str) -> bool:
    """Whether a key has this hash, in a time that does not tell how much of it fits."""
    return hmac.compare_digest(digest(text), sha256)
