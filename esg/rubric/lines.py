"""A rubric file's text and its mapping → the line where each theme, criterion and requirement begins."""

import re
from collections import Counter
from typing import Any

_HEAD = re.compile(r"^[ \t]*\[\[\s*([\w.]+)\s*\]\]", re.MULTILINE)  # of one item of a list


def number(mapping: dict[str, Any], text: str) -> None:
    """Write into each item of a list where its head stands, as `line`.

    Heads come in the order of the items; items of a list that is written otherwise get no line.
    """
    under: dict[str, Any] = {"": mapping}  # the item that is open, by the name in its head
    passed: Counter[int] = Counter()  # items of each list, by its identity
    for head in _HEAD.finditer(text):
        parent, _, name = head[1].rpartition(".")
        items = under.get(parent, {}).get(name)
        place = passed[id(items)]
        passed[id(items)] += 1
        if isinstance(items, list) and place < len(items) and isinstance(items[place], dict):
            under[head[1]] = items[place]
            items[place]["line"] = text.count("\n", 0, head.start()) + 1
