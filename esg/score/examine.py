"""One document → all that is needed to judge it, alone or with others of its company and year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from esg.domain import Claim, Document, Evidence, Fact, Hidden, Kpi, Page
from esg.kpi import Readings, read_all
from esg.rubric import Rubric
from esg.score.base import Judge, Judging, Retriever
from esg.score.facts import Finder
from esg.score.spoken import Spoken, spoken
from esg.score.status import Readability, Sheet, readability, sheets
from esg.score.support import Examination, Support


@dataclass(frozen=True, slots=True)
class Examined:
    """What a document says, before anything is concluded from it; it does not hold its pages.

    `evidence` is of the figures and claims, by id. Where the document cannot be judged (`readable.reason`)
    there are no `supports` and no `topics`.
    """

    document: Document
    made_on: str  # ISO date, "" where unknown
    sheets: tuple[Sheet, ...]
    spoken: Spoken
    readable: Readability
    kpis: tuple[Kpi, ...]
    claims: tuple[Claim, ...]
    evidence: Mapping[str, Evidence]
    supports: Mapping[str, Support]  # by criterion, those of statements too
    topics: Mapping[str, tuple[Evidence, ...]]  # by theme
    retrieved: Finder
    judging: Judging


def examine(
    document: Document,
    pages: Sequence[Page],
    retriever: Retriever,
    *,
    rubric: Rubric,
    judge: Judge,
    made_on: str = "",
    tagged: Sequence[Fact] = (),
    readings: Readings | None = None,
) -> Examined:
    """Read a document's figures and claims, and let the judge decide every criterion on what is retrieved.

    `tagged` are the facts of inline XBRL on its pages; `readings` its figures and claims, where they were
    read before.
    """
    said = read_all(document, pages, tagged) if readings is None else readings
    tongue = spoken(pages, rubric)
    worded, year = rubric.speaking(tongue.others), document.identity.year
    seen = sheets(pages)
    readable = readability(seen, rubric)
    asked = replace(worded, statements=()) if readable.reason else worded
    examination = Examination(pages, retriever, rubric=asked, spoken=tongue)
    themes = () if readable.reason else worded.themes
    questions = [examination.question(c, ignore=theme.ignore) for theme in themes for c in theme.criteria]
    questions += [examination.question(s.criterion, ignore=s.ignore) for s in asked.statements]
    judgement = judge.judge(questions, year=year)
    decided = zip((q.criterion for q in questions), judgement.verdicts, strict=True)
    supports = {criterion.id: examination.support(criterion, verdict) for criterion, verdict in decided}
    return Examined(
        document=replace(document, hidden=_hidden(pages)),
        made_on=made_on,
        sheets=seen,
        spoken=tongue,
        readable=readable,
        kpis=said.kpis,
        claims=said.claims,
        evidence=best_by_id(map(examination.finder.attach, said.evidence)),
        supports=supports,
        topics={theme.code: examination.topic(theme) for theme in themes},
        retrieved=examination.finder,
        judging=judgement.by,
    )


def _hidden(pages: Sequence[Page]) -> tuple[Hidden, ...]:
    return tuple(Hidden(page.number, page.hidden) for page in pages if page.hidden)


def best_by_id(evidence: Iterable[Evidence]) -> dict[str, Evidence]:
    """Index by id; of the same quote found in several ways the best ranked stays."""
    best: dict[str, Evidence] = {}
    for e in evidence:
        if e.id not in best or _rank(e) < _rank(best[e.id]):
            best[e.id] = e
    return best


def _rank(evidence: Evidence) -> tuple[float, float]:
    if evidence.retrieval is None:
        return (float("inf"), 0.0)
    return (evidence.retrieval.rank, -evidence.retrieval.fused)
