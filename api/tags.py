"""ETag and If-None-Match: what the caller has already is not sent again (RFC 9110 §13.1.2)."""

import re
from collections.abc import Mapping
from hashlib import sha256

from fastapi import Request, Response

REVALIDATE = "private, no-cache"
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def tag_of(data: bytes, kind: str) -> str:
    """Name content in one form."""
    return f'"{sha256(data).hexdigest()[:32]}-{kind}"'


def unchanged(request: Request, tag: str, cache: str = REVALIDATE) -> Response | None:
    """304 for whoever has it; None where it must be sent, with `headers`."""
    if is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers(tag, cache))
    return None


def is_known(if_none_match: str, tag: str) -> bool:
    """Whether a list of tags, or `*`, holds this one; weak ones count as strong ones here."""
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)


def headers(tag: str, cache: str = REVALIDATE) -> Mapping[str, str]:
    return {"ETag": tag, "Cache-Control": cache}
