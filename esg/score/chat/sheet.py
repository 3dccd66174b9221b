"""Questions → sheets: what one request asks, each passage numbered once however many criteria share it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from esg.domain import Span
from esg.score.base import Passage, Question

MOST_CRITERIA = 12  # of a sheet: what one answer can hold with its quotes
MOST_CHARACTERS = 40_000  # of a sheet's passages, about 10,000 tokens


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a sheet, and its passages by their numbers there."""

    question: Question
    passages: Mapping[int, Passage]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one request asks of a document of `year`; `passages` go by their numbers, from 1."""

    year: int | None
    asked: tuple[Asked, ...]
    passages: Mapping[int, Passage]


def sheets(questions: Iterable[Question], *, year: int | None) -> Iterator[Sheet]:
    """Lay questions out in their order, as many on a sheet as it holds; one alone is never parted."""
    draft = _Draft()
    for question in questions:
        if draft.asked and not draft.has_room(question):
            yield draft.sheet(year)
            draft = _Draft()
        draft.add(question)
    if draft.asked:
        yield draft.sheet(year)


@dataclass
class _Draft:
    asked: list[Asked] = field(default_factory=list)
    numbers: dict[Span, int] = field(default_factory=dict)
    passages: dict[int, Passage] = field(default_factory=dict)
    characters: int = 0

    def has_room(self, question: Question) -> bool:
        return (
            len(self.asked) < MOST_CRITERIA
            and self.characters + _characters(self._new(question)) <= MOST_CHARACTERS
        )

    def add(self, question: Question) -> None:
        for passage in self._new(question):
            number = len(self.passages) + 1
            self.numbers[passage.span], self.passages[number] = number, passage
            self.characters += len(passage.text)
        own = {
            self.numbers[p.span]: p for p in reversed(question.passages)
        }  # of the same place the best hit's
        self.asked.append(Asked(question, dict(sorted(own.items()))))

    def sheet(self, year: int | None) -> Sheet:
        return Sheet(year, tuple(self.asked), self.passages)

    def _new(self, question: Question) -> list[Passage]:
        """The passages that are not on the sheet yet; two hits may hold the same sentence."""
        return list({p.span: p for p in question.passages if p.span not in self.numbers}.values())


def _characters(passages: Sequence[Passage]) -> int:
    return sum(len(passage.text) for passage in passages)
