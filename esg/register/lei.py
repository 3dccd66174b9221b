"""Legal entity identifiers (ISO 17442): 18 letters and digits, and two check digits by ISO 7064 MOD 97-10."""

import re
from collections.abc import Iterable

_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
_IN_TEXT = re.compile(rf"(?<![0-9A-Za-z])(?:{_LEI.pattern})(?![0-9A-Za-z])")


def is_lei(text: str) -> bool:
    """Whether a text is an LEI whose check digits are right."""
    return _LEI.fullmatch(text) is not None and int("".join(str(int(c, 36)) for c in text)) % 97 == 1


def find_lei(texts: Iterable[str]) -> str:
    """The one LEI that texts print; "" where they print none, or several: those of a group's parts."""
    found = {text for page in texts for text in _IN_TEXT.findall(page) if is_lei(text)}
    return found.pop() if len(found) == 1 else ""
