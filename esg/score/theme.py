"""One theme's supports → its score: level, status, confidence, rationale and the quotes it stands on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from esg.domain import CriterionResult, Evidence, Status, ThemeScore
from esg.rubric import Theme
from esg.score import confidence
from esg.score.levels import Standing, standing
from esg.score.rationale import ALONE, rationale
from esg.score.status import Readability
from esg.score.support import QUOTES, Judged, Support

_MIN_QUOTES = 2  # below this a level above 0 does not stand (DESIGN §4)
_MAX_QUOTES = 12  # shown for a theme; each criterion has its own


def score_theme(
    judged: Judged,
    readable: Readability,
    *,
    loss: float,
    notes: Sequence[str],
    numbers: Mapping[str, int] = ALONE,
) -> ThemeScore:
    """Level the theme; where a level has too little to quote it falls to one that stands.

    Of several documents `numbers` tells which number each goes by.
    """
    theme, supports = judged.theme, judged.supports
    reached, quotes, fell = _stand(judged)
    status = _status(reached, judged, fell)
    sure = _confidence(reached, quotes, status, readable)
    said = [*_fall_note(fell), *notes]
    text = rationale(theme, reached, supports, status=status, notes=said, numbers=numbers)
    return ThemeScore(
        code=theme.code,
        level=reached.level,
        confidence=confidence.lowered(sure, loss),
        status=status,
        rationale=text,
        criteria=tuple(map(_result, supports)),
        evidence=tuple(e.id for e in quotes),
    )


def quotes_of(judged: Judged) -> tuple[Evidence, ...]:
    """Every quote that the theme's score names."""
    _, quotes, _ = _stand(judged)
    return (*quotes, *(e for s in judged.supports for e in s.quotes))


def unscored(theme: Theme, readable: Readability) -> ThemeScore:
    """Say that a theme could not be judged: no level is claimed, and no confidence."""
    criteria = tuple(CriterionResult(c.id, c.level, met=False, evidence=()) for c in theme.criteria)
    return ThemeScore(theme.code, 0, 0.0, readable.status, readable.reason, criteria, ())


def _stand(judged: Judged) -> tuple[Standing, tuple[Evidence, ...], bool]:
    """The highest level that two quotes carry; True where the criteria alone would have given more."""
    met = {s.criterion.id: s.met for s in judged.supports}
    reached = first = standing(judged.theme, met)
    while reached.level > 0 and len(_quotes(judged, reached.level)) < _MIN_QUOTES:
        reached = replace(reached, level=reached.level - 1)
    return reached, _quotes(judged, reached.level), reached.level < first.level


def _quotes(judged: Judged, level: int) -> tuple[Evidence, ...]:
    """Quotes of the met criteria up to a level, the highest level first, one page after the other.

    One quote alone is joined by those of higher demands, then by what else the document says of the theme.
    """
    met = [s for s in judged.supports if s.met and s.criterion.weight]
    quotes = _rounds([s for s in met if s.criterion.level <= max(level, 1)])
    if len(quotes) == 1:
        more = (*_rounds([s for s in met if s.criterion.level > level]), *judged.topic)
        quotes += [e for e in more if not _overlap(e, quotes[0])]
    once = list({e.id: e for e in quotes}.values())  # a quote may speak of the theme and for a criterion
    return tuple(_two_pages_first(once)[:_MAX_QUOTES])


def _rounds(supports: Sequence[Support]) -> list[Evidence]:
    """The best quote of each criterion, then the second of each, every quote once."""
    first = sorted(
        supports, key=lambda s: (-s.criterion.level, not s.criterion.required, -s.criterion.weight)
    )
    rounds = (s.quotes[i] for i in range(QUOTES) for s in first if i < len(s.quotes))
    return list({e.id: e for e in rounds}.values())


def _overlap(left: Evidence, right: Evidence) -> bool:
    return left.place == right.place and left.start < right.end and right.start < left.end


def _two_pages_first(quotes: Sequence[Evidence]) -> list[Evidence]:
    """Put a quote of another page second, where there is one."""
    if not quotes:
        return []
    other = next((e for e in quotes[1:] if e.place != quotes[0].place), None)
    rest = [e for e in quotes[1:] if e is not other]
    return [quotes[0], *([other] if other else []), *rest]


def _status(reached: Standing, judged: Judged, fell: bool) -> Status:
    if reached.level > 0:
        return Status.SCORED
    if fell:
        return Status.INSUFFICIENT_EVIDENCE
    spoken = judged.topic or any(s.quotes or s.countered for s in judged.supports)
    return Status.SCORED if spoken else Status.NOT_DISCLOSED


def _confidence(
    reached: Standing, quotes: Sequence[Evidence], status: Status, readable: Readability
) -> float:
    if status == Status.NOT_DISCLOSED:
        return confidence.of_silence(read_pages=readable.read_pages, unread=readable.unread)
    return confidence.of_level(reached, pages=len({e.place for e in quotes}), unread=readable.unread)


def _fall_note(fell: bool) -> list[str]:
    return ["A higher level was not given because fewer than two quotes carry it."] if fell else []


def _result(support: Support) -> CriterionResult:
    c = support.criterion
    return CriterionResult(c.id, c.level, support.met, tuple(e.id for e in support.quotes))
