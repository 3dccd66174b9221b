"""document, pages and a retriever → scorecard."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from esg.domain import Document, Evidence, Page, Scorecard, ThemeScore, Versions
from esg.kpi import Readings, read_all
from esg.rubric import Rubric
from esg.score import confidence
from esg.score.base import Judge, Retriever
from esg.score.facts import facts, retrieved
from esg.score.frameworks import answer
from esg.score.overall import overall
from esg.score.parity import parity
from esg.score.status import Readability, readability
from esg.score.support import Examination, Judged
from esg.score.theme import quotes_of, score_theme, unscored


def score(
    document: Document,
    pages: Sequence[Page],
    retriever: Retriever,
    *,
    rubric: Rubric,
    judge: Judge,
    versions: Versions,
    readings: Readings | None = None,
) -> Scorecard:
    """Judge one document: every theme's level, figures, claims and frameworks, each with its quotes.

    `readings` are its figures and claims, where they were read before. Pure in its arguments: the same values
    give the same scorecard, and no clock is looked at.
    """
    said = read_all(document, pages) if readings is None else readings
    kpis, claims = said.kpis, said.claims
    year = document.identity.year
    examination = Examination(pages, retriever, rubric=rubric, judge=judge, year=year)
    read = _by_id(map(examination.finder.attach, said.evidence))
    known = facts(kpis, claims, read)
    shown = retrieved(known)
    readable = readability(pages, rubric)
    judged = [examination.judged(theme, shown) for theme in rubric.themes if not readable.reason]
    themes = _themes(rubric, judged, readable, year)
    supports = [support for one in judged for support in one.supports]
    return Scorecard(
        document=document,
        rubric_id=rubric.id,
        rubric_version=rubric.version,
        versions=versions,
        overall=overall(themes, age_loss=confidence.freshness(year, rubric.as_of)),
        themes=themes,
        kpis=kpis,
        claims=claims,
        frameworks=answer(rubric, supports, known),
        evidence=_cited(judged, read),
        parity=parity(judged, examination.finder),
        trace_id=trace_id(document, rubric, versions),
    )


def trace_id(document: Document, rubric: Rubric, versions: Versions) -> str:
    """Name the lineage: 32 hexadecimal digits from the document and all that judged it."""
    parts = (document.id, rubric.id, rubric.version, versions.pipeline, versions.embedder, versions.judge)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _themes(
    rubric: Rubric, judged: Sequence[Judged], readable: Readability, year: int | None
) -> tuple[ThemeScore, ...]:
    if readable.reason:
        return tuple(unscored(theme, readable) for theme in rubric.themes)
    loss = confidence.of_ocr(by_ocr=readable.by_ocr, decoded=readable.decoded)
    notes = _notes(readable, year, rubric)
    return tuple(score_theme(one, readable, loss=loss, notes=notes) for one in judged)


def _notes(readable: Readability, year: int | None, rubric: Rubric) -> list[str]:
    """What every theme's reader should know about the document as a whole."""
    notes = []
    if readable.unread:
        notes.append(f"{readable.unread:.0%} of the pages could not be read.")
    if readable.by_ocr:
        notes.append(f"{readable.by_ocr:.0%} of the pages were read by OCR{_exactly(readable)}.")
    if readable.foreign > 0.1:
        notes.append(f"{readable.foreign:.0%} of the text is in a language without cues.")
    if loss := confidence.freshness(year, rubric.as_of):
        notes.append(f"The document is more than two years old: its overall confidence is lowered by {loss}.")
    if year is None:
        notes.append("The document's year is unknown, so its age is not taken into account.")
    return notes


def _exactly(readable: Readability) -> str:
    """Say how many of the pages read by OCR have a text layer that was only deciphered by it."""
    if not readable.decoded:
        return ""
    return f" ({readable.decoded:.0%} by deciphering a text layer whose letters are not the printed ones)"


def _cited(judged: Sequence[Judged], read: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """All quotes that are named somewhere, once, in the order of the pages."""
    quoted = [e for one in judged for e in quotes_of(one)]
    every = _by_id((*quoted, *read.values()))
    return tuple(sorted(every.values(), key=lambda e: (e.page, e.start, e.end)))


def _by_id(evidence: Iterable[Evidence]) -> dict[str, Evidence]:
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
