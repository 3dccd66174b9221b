"""Contenders → what each took, round by round, all taking turns on the same work."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from esg.evaluate.bench.contender import Contender, Unavailable
from esg.evaluate.bench.result import Skipped

Ask = Callable[[Contender, Any], dict[str, Any]]
OnTurn = Callable[[str], None]


@dataclass(slots=True)
class Field:
    """Those who take part, and those who cannot, with the reason."""

    contenders: list[Contender] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def versions(self) -> dict[str, Mapping[str, str]]:
        return {each.name: each.versions for each in self.contenders}


@contextmanager
def started(openers: Mapping[str, Callable[[], Contender]]) -> Iterator[Field]:
    """Start all contenders; those that cannot be had are left out and say why."""
    taking_part = Field()
    with ExitStack() as stack:
        for name, open_contender in openers.items():
            try:
                taking_part.contenders.append(stack.enter_context(open_contender()))
            except Unavailable as error:
                taking_part.skipped.append(Skipped(name, str(error)))
        yield taking_part


def take_turns(
    taking_part: Field,
    works: Sequence[Any],
    ask: Ask,
    *,
    rounds: int,
    on_turn: OnTurn = lambda _: None,
) -> dict[str, list[list[dict[str, Any]]]]:
    """Ask everybody for every work, `rounds` times and once before to warm up.

    Returns what each told: by name, for each round that counts, for each work. The order of the contenders
    moves by one from work to work; one that fails is left out of all.
    """
    told: dict[str, list[list[dict[str, Any]]]] = {c.name: [] for c in taking_part.contenders}
    for number in range(rounds + 1):
        for answers in told.values():
            answers.append([])
        for place, work in enumerate(works):
            for contender in _moved(taking_part.contenders, place + number):
                on_turn(f"{contender.name}, round {number} of {rounds}, {place + 1} of {len(works)}")
                try:
                    told[contender.name][number].append(ask(contender, work))
                except Unavailable as error:
                    taking_part.skipped.append(Skipped(contender.name, str(error)))
                    taking_part.contenders.remove(contender)
                    del told[contender.name]
    return {name: answers[1:] for name, answers in told.items()}


def by_turns(
    measures: Mapping[str, Callable[[], float]], *, rounds: int, on_turn: OnTurn = lambda _: None
) -> dict[str, list[float]]:
    """Take the measures in turn, `rounds` times and once before to warm up; by name, what each round gave."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            on_turn(f"{name}, round {number} of {rounds}")
            found[name].append(measure())
    return {name: values[1:] for name, values in found.items()}


def _moved(contenders: Sequence[Contender], by: int) -> list[Contender]:
    start = by % len(contenders) if contenders else 0
    return [*contenders[start:], *contenders[:start]]


def seconds(answers: Sequence[Sequence[Mapping[str, Any]]], part: str = "seconds") -> tuple[float, ...]:
    """Add up what the works of each round took."""
    return tuple(sum(float(told[part]) for told in works) for works in answers)


def peak_mib(answers: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[float, ...]:
    """The largest resident memory of a contender, so far in each round."""
    return tuple(max(float(told["peak_mib"]) for told in works) for works in answers)
