"""Lines of a stream → server-sent events (WHATWG HTML §9.2)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """`job` is the whole job as it stands; `name` is progress or, at last, end."""

    name: str
    id: str
    job: dict[str, Any]


def parse(lines: Iterable[str]) -> Iterator[Event]:
    """Give the events of a stream; comments and what broke off in the middle are left out."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif "data" in fields:
            yield Event(fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"]))
            fields = {}
