"""The nouns and interfaces of scoring: passages in, verdicts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from esg.domain import Hit, Proposals, Span
from esg.errors import EsgError, Transient
from esg.rubric import Criterion

Place = tuple[int, int]  # from one character of a text to before another


class Retriever(Protocol):
    """Finds the chunks of one document that answer questions, each asked by a few queries."""

    def retrieve_each(self, asked: Sequence[Sequence[str]], *, k: int) -> list[list[Hit]]:
        """Return at most k hits for each question, best first; the same queries give the same hits."""
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


class Question(NamedTuple):
    """What a judge is asked: a criterion, and the passages retrieved for it, the best hit's first."""

    criterion: Criterion
    passages: Sequence[Passage]


class Judging(NamedTuple):
    """Who judged a document, why not the judge that was asked, and what a model's proposals came to."""

    judge: str  # its id
    note: str = ""
    proposals: Proposals | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is decided of one document: a verdict for each question, in their order, by one judge."""

    verdicts: tuple[Verdict, ...]
    by: Judging


class Unanswered(Transient):
    """Whom a judge asks gave no answer that can be used; `why` says so in words that stay the same."""

    def __init__(self, error: EsgError, *, why: str) -> None:
        seconds = error.retry_after_seconds if isinstance(error, Transient) else None
        super().__init__(error.message, next_step=error.next_step, retry_after_seconds=seconds)
        self.why = why


class Judge(Protocol):
    """Decides what a document's passages say; the same passages get the same verdicts."""

    @property
    def id(self) -> str:
        """Name and version, written into every scorecard; known without asking anybody."""
        ...

    def judge(self, questions: Sequence[Question], *, year: int | None) -> Judgement:
        """Decide all questions of a document of `year`; every finding is one of its question's passages."""
        ...
