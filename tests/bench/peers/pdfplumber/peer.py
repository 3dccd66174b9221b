"""pdfplumber with each word's box; its tables would cost as much again."""

from collections.abc import Callable
from typing import Any

import pdfplumber

PACKAGES = ("pdfplumber", "pdfminer.six")


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    return {"extract": _extract}


def _extract(path: str) -> dict[str, Any]:
    pages = characters = 0
    with pdfplumber.open(path) as document:
        for page in document.pages:
            pages += 1
            characters += sum(len(word["text"]) for word in page.extract_words())
            page.close()
    return {"pages": pages, "characters": characters}
