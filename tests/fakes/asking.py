"""One question to a server that may not be there yet."""

import httpx


def get(url: str, login: str = "") -> tuple[int, str]:
    """Give status and body, 0 where nobody answers; `login` is `user:password`."""
    user, _, password = login.partition(":")
    try:
        answer = httpx.get(url, auth=(user, password) if login else None, timeout=30, trust_env=False)
    except httpx.TransportError:
        return 0, ""
    return answer.status_code, answer.text
