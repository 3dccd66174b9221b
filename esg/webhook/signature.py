"""X-ESG-Signature: t=SECONDS,v1=HMAC-SHA256 over "t.body": neither can be changed, nor sent much later."""

import hashlib
import hmac
import re

HEADER = "X-ESG-Signature"
TOLERANCE_SECONDS = 300.0
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def sign(body: bytes, secret: str, *, now: float) -> str:
    """Sign a body at a moment (Unix time)."""
    return f"t={int(now)},v1={_digest(body, secret, int(now))}"


def verify(
    body: bytes, signature: str, secret: str, *, now: float, tolerance_seconds: float = TOLERANCE_SECONDS
) -> bool:
    """Whether a body came from who knows the secret, within the tolerance of now."""
    match = _SIGNATURE.fullmatch(signature)
    if match is None or abs(now - int(match[1])) > tolerance_seconds:
        return False
    return hmac.compare_digest(match[2], _digest(body, secret, int(match[1])))


def _digest(body: bytes, secret: str, seconds: int) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
