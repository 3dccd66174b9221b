"""MuPDF with each word's box."""

from collections.abc import Callable
from typing import Any

import pymupdf

PACKAGES = ("pymupdf",)


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    return {"extract": _extract}


def _extract(path: str) -> dict[str, Any]:
    with pymupdf.open(path) as document:
        words = [page.get_text("words") for page in document]
    return {"pages": len(words), "characters": sum(len(word[4]) for page in words for word in page)}
