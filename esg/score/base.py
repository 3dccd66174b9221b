"""The nouns and interfaces of scoring: passages in, verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from esg.domain import Hit, Span
from esg.rubric import Criterion


class Retriever(Protocol):
    """Finds the chunks of one document that answer a few queries."""

    def retrieve(self, queries: Sequence[str], *, k: int) -> list[Hit]:
        """Return at most k hits, best first; the same queries give the same hits."""
        ...


class Passage(NamedTuple):
    """A sentence or table row of a retrieved chunk.

    `text` is the page's text at `span`, typographic forms folded character by character (same offsets);
    `context` is what a reader has in mind there: the section heading, the table's caption and headers.
    """

    span: Span
    text: str
    context: str
    is_row: bool
    hit: Hit
    language: str = ""  # whose cues judge it (ISO 639-1), "" the rubric's own


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that speaks for a criterion; `start` and `end` mark the cue inside the passage's text."""

    passage: Passage
    start: int
    end: int
    strength: float  # 0..1, how plainly it says so


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says about one criterion: findings best first, and how many passages were talked down."""

    met: bool
    findings: tuple[Finding, ...] = ()
    countered: int = 0  # passages with the cue that a counter-cue took away


class Judge(Protocol):
    """Decides one criterion from passages; deterministic for the same passages."""

    id: str  # name and version, written into every scorecard

    def judge(self, criterion: Criterion, passages: Sequence[Passage], *, year: int | None) -> Verdict:
        """Say whether the criterion is met in a document of `year`; every finding is one of the passages."""
        ...
