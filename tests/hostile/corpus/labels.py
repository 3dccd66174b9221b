"""Label files: JSON that is deep, large, of the wrong kinds, or no JSON."""

import json
from collections.abc import Iterator
from typing import Any

from tests.hostile.case import Case, case
from tests.hostile.corpus.words import HOSTILE, LONG

LABELS: dict[str, Any] = {
    "file": "acme.pdf",
    "company": "Acme",
    "year": 2024,
    "levels": {"TSP": {"level": 2, "low": 1, "high": 3, "why": "x", "evidence": [{"quote": "y"}], "second_reader": {"level": 3}}},
    "kpis": [{"kpi": "scope1", "value": 1234.5, "unit": "t", "year": "FY23", "page": 4, "quote": "z"}],
}  # fmt: skip
WRONG = (
    "null",
    "true",
    "-1",
    "1e999",
    "NaN",
    "Infinity",
    '""',
    "[]",
    "{}",
    '"x"',
    "9" * 5000,
    "[[]]",
    '{"level": {}}',
)


def cases() -> Iterator[Case]:
    plain = json.dumps(LABELS)
    yield case("labels", "plain labels: what mutants begin with", plain)
    for number, value in enumerate(WRONG):
        yield case(f"whole {number}", "no object", value)
        for old in (
            '"acme.pdf"',
            '"Acme"',
            "2024",
            json.dumps(LABELS["levels"]),
            "1234.5",
            '"FY23"',
            "4",
            '[{"quote": "y"}]',
            '{"level": 3}',
        ):
            yield case(f"{old[:12]} {number}", "a value of the wrong kind", plain.replace(old, value, 1))
    for number, text in enumerate((*HOSTILE, LONG)):
        yield case(f"words {number}", "hostile words", plain.replace('"Acme"', json.dumps(text)))
    yield case("depth", "lists deeper than Python goes", "[" * 100_000 + "]" * 100_000)
    yield case("object depth", "objects deeper than Python goes", '{"file":' * 50_000 + "1" + "}" * 50_000)
    yield case("keys", "a key twice", plain.replace('"company"', '"file"'))
    yield case("half pair", "half of a pair", plain.replace("Acme", "\\ud800"))
    yield case("cut", "labels that end in the middle", plain[:60])
    yield case("no UTF-8", "bytes that are no letters", plain.encode("utf-16"))
