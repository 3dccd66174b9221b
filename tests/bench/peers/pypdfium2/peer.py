"""PDFium's bare text call: no offsets, boxes, tables or reading order."""

from collections.abc import Callable
from typing import Any

import pypdfium2

PACKAGES = ("pypdfium2",)


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    return {"extract": _extract}


def _extract(path: str) -> dict[str, Any]:
    with pypdfium2.PdfDocument(path) as document:
        texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    return {"pages": len(texts), "characters": sum(map(len, texts))}
