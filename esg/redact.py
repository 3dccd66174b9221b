"""Text → the same without secrets: those that this process knows, and what looks like one.

Whoever reads a secret says so once with `conceal` (Settings does it for each of its own), and no log line
holds it from then on, whatever library writes it, nor does an error of ours. What nobody told of is known by
its form: the password of a URL, a bearer's token, a key beside its name.
"""

import re
from threading import Lock
from urllib.parse import unquote, urlsplit

MASK = "***"
SHORTEST = 6  # a shorter secret would be found in ordinary words

_NAMES = r"(?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|credential)s?|pwd|apikey)"
_FORMS = (
    (re.compile(r"(?P<left>\b[a-z][\w+.-]*://)[^\s/@'\"]+@", re.IGNORECASE), rf"\g<left>{MASK}@"),
    (re.compile(r"(?P<left>\b(?:Bearer|Basic|Token)\s+)[\w.~+/=:-]{6,}", re.IGNORECASE), rf"\g<left>{MASK}"),
    (
        re.compile(rf"(?P<left>\b{_NAMES}[\"']?\s*[:=]\s*[\"']?)(?!\*)[^\s\"',;&}}\]]+", re.IGNORECASE),
        rf"\g<left>{MASK}",
    ),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.?[\w-]*"), MASK),  # a JSON web token
    (re.compile(r"\b(?P<left>esg_[0-9a-f]{12}_)[0-9a-f]{64}\b"), rf"\g<left>{MASK}"),  # esg/tokens.py
    (re.compile(r"\bAstraCS:[\w:]+"), MASK),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"), MASK),
)

_PLAIN = re.compile(r"[a-z0-9.-]*")  # ids, and words of ours: none of these forms is in such a text

_known: dict[str, None] = {}
_lock = Lock()


def conceal(*secrets: str) -> None:
    """Keep these out of every line from now on; of a URL that is its password."""
    found = (password for secret in secrets if (password := _password(secret)))
    with _lock:
        for secret in found:
            if len(secret) >= SHORTEST:
                _known[secret] = None


def mask_known(text: str) -> str:
    """Take out what is known to be a secret, and nothing else."""
    for secret in tuple(_known):
        text = text.replace(secret, MASK)
    return text


def clean(text: str) -> str:
    """Take out what is known to be a secret, and what looks like one."""
    text = mask_known(text)
    if _PLAIN.fullmatch(text):
        return text
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    return text


def _password(secret: str) -> str:
    if "://" not in secret:
        return secret
    try:
        return unquote(urlsplit(secret).password or "")
    except ValueError:
        return ""
