"""A sheet → what a model is sent: a fixed instruction, and the report's words as data it cannot leave."""

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from esg.score.chat.sheet import Sheet

_FILES = resources.files("esg.score.chat") / "prompts"
INSTRUCTION = (_FILES / "judge.txt").read_text(encoding="utf-8")
SCHEMA: Mapping[str, Any] = json.loads((_FILES / "answer.schema.json").read_bytes())
LONGEST_HEADING = 200  # characters; a table's headers may be longer than its rows


def version() -> str:
    """Name the instruction and the form of the answer by their content."""
    form = json.dumps(SCHEMA, sort_keys=True)
    return hashlib.sha256(f"{INSTRUCTION}\n{form}".encode()).hexdigest()[:8]


def messages(sheet: Sheet) -> list[dict[str, str]]:
    """Lay a sheet out; the report's text is inside JSON strings and nowhere else.

    `<` is escaped, so that no text can spell a model's own marks of who speaks.
    """
    data = {
        "year": sheet.year,
        "criteria": [
            {
                "id": asked.question.criterion.id,
                "demand": asked.question.criterion.text,
                "spans": [*asked.passages],
            }
            for asked in sheet.asked
        ],
        "passages": [
            {"span": span, "heading": passage.context[:LONGEST_HEADING], "text": passage.text}
            for span, passage in sheet.passages.items()
        ],
    }
    content = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    content = content.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be sent
    return [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": content}]


PROMPT_VERSION = version()
