"""Invented fragments of reports with their truth → precision and recall of what is read from them.

Half of the fragments, drawn by a hash of their names, is held out. Run as a script, this lists the errors of
the open half and only the figures of the other, so that nobody tunes on it.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import isclose
from pathlib import Path

from esg.domain import Document, Identity, MediaType, Page
from esg.kpi import read_claims, read_kpis

HERE = Path(__file__).parent
TOLERANCE = 0.001
_SEED = "kpi battery 1"

BuildPage = Callable[[str], Page]


@dataclass(frozen=True, slots=True)
class Value:
    """A KPI of a fiscal year in its own unit, or a claim's value with the year None."""

    key: str
    year: int | None
    value: float | str

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.key, self.year, self.value) if part is not None)

    def is_same(self, other: "Value") -> bool:
        return (self.key, self.year) == (other.key, other.year) and _agree(self.value, other.value)


@dataclass(frozen=True, slots=True)
class Fragment:
    id: str
    text: str
    year: int
    truth: tuple[Value, ...]
    also: tuple[Value, ...]  # neither missed nor wrong
    about: str  # "figures" or "claims"

    @property
    def is_held_out(self) -> bool:
        return sha256(f"{_SEED}:{self.id}".encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Outcome:
    fragment: Fragment
    right: int
    wrong: tuple[Value, ...]
    missed: tuple[Value, ...]


def load() -> list[Fragment]:
    return [
        _fragment(name, given)
        for path in sorted(HERE.glob("*.toml"))
        for name, given in tomllib.loads(path.read_text(encoding="utf-8")).items()
    ]


def judge(fragment: Fragment, build: BuildPage) -> Outcome:
    """Read a fragment as a whole report and match what is read with the truth, each value once."""
    read = [*(_claims if fragment.about == "claims" else _figures)(fragment, build)]
    left = [*fragment.truth]
    wrong = []
    for value in read:
        match = next((v for v in left if v.is_same(value)), None)
        if match is not None:
            left.remove(match)
        elif not any(v.is_same(value) for v in fragment.also):
            wrong.append(value)
    return Outcome(fragment, len(fragment.truth) - len(left), tuple(wrong), tuple(left))


def precision(outcomes: Sequence[Outcome]) -> float:
    return _share(_right(outcomes), sum(len(o.wrong) for o in outcomes))


def recall(outcomes: Sequence[Outcome]) -> float:
    return _share(_right(outcomes), sum(len(o.missed) for o in outcomes))


def summary(outcomes: Sequence[Outcome]) -> str:
    wrong = sum(len(o.wrong) for o in outcomes)
    return (
        f"{len(outcomes)} fragments, {_right(outcomes)} right, {wrong} wrong: "
        f"precision {precision(outcomes):.3f}, recall {recall(outcomes):.3f}"
    )


def _figures(fragment: Fragment, build: BuildPage) -> Iterator[Value]:
    """Read the figures of the report's year and the year before."""
    page = build(_tabbed(fragment.text))
    for kpi in read_kpis(_document(fragment.year), [page]):
        if kpi.fiscal_year in (fragment.year, fragment.year - 1):
            yield Value(kpi.kpi, kpi.fiscal_year, kpi.value)


def _claims(fragment: Fragment, build: BuildPage) -> Iterator[Value]:
    for reading in read_claims(_document(fragment.year), [build(fragment.text)]):
        yield Value(reading.claim.claim, None, reading.claim.value)


def _tabbed(text: str) -> str:
    """Part the cells of tables by tabs, as pages do."""
    return "\n".join(
        "\t".join(cell.strip() for cell in line.split("|")) if " |" in line else line
        for line in text.strip().split("\n")
    )


def _document(year: int) -> Document:
    return Document("d" * 64, "acme.pdf", MediaType.PDF, 1000, Identity("Acme", year), 1, "en", "Report")


def _fragment(name: str, given: dict[str, object]) -> Fragment:
    claims = [_claim(line) for line in _lines(given, "claims")]
    figures = [_figure(line) for line in _lines(given, "truth")]
    return Fragment(
        id=name,
        text=str(given["text"]),
        year=int(str(given.get("year", 2023))),
        truth=(*figures, *claims),
        also=tuple(_figure(line) for line in _lines(given, "also")),
        about="claims" if "claims" in given else "figures",
    )


def _lines(given: dict[str, object], key: str) -> list[str]:
    found = given.get(key, [])
    assert isinstance(found, list)
    return [str(line) for line in found]


def _figure(line: str) -> Value:
    key, year, value = line.split()
    return Value(key, int(year), float(value))


def _claim(line: str) -> Value:
    key, _, value = line.partition(" = ")
    return Value(key, None, value)


def _agree(one: float | str, other: float | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return str(one).casefold() == str(other).casefold()
    return isclose(one, other, rel_tol=TOLERANCE)


def _right(outcomes: Sequence[Outcome]) -> int:
    return sum(o.right for o in outcomes)


def _share(right: int, others: int) -> float:
    return right / (right + others) if right + others else 1.0


def _print(outcomes: Sequence[Outcome]) -> None:
    is_open = [o for o in outcomes if not o.fragment.is_held_out]
    for outcome in is_open:
        for name, values in (("wrong", outcome.wrong), ("missed", outcome.missed)):
            if values:
                print(f"{outcome.fragment.id} {name}: {', '.join(map(str, values))}")
    kinds = Counter(v.key for o in is_open for v in o.missed)
    print("missed:", dict(kinds.most_common()))
    for name, half in (("open", is_open), ("held out", [o for o in outcomes if o.fragment.is_held_out])):
        for about in ("figures", "claims"):
            print(f"{name} {about}:", summary([o for o in half if o.fragment.about == about]))


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))
    from conftest import build_page

    _print([judge(fragment, build_page) for fragment in load()])
