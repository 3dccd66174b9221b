"""document, pages and a retriever → scorecard; and all documents of a company and year → theirs."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from esg.domain import Document, Evidence, Fact, Page, Proposals, Scorecard, ThemeScore, Versions
from esg.kpi import Ledger, Readings, reconcile
from esg.rubric import Rubric
from esg.score import confidence
from esg.score.base import Judge, Judging, Retriever
from esg.score.binder import bind
from esg.score.examine import Examined, best_by_id, examine
from esg.score.facts import facts, retrieved
from esg.score.frameworks import answer, named
from esg.score.joined import joined, stated_together
from esg.score.notes import notes_of
from esg.score.overall import overall
from esg.score.parity import parity
from esg.score.precedence import by_precedence
from esg.score.spoken import Spoken, lost, spoken_together, told
from esg.score.status import Readability, letters, readability
from esg.score.support import Judged
from esg.score.theme import quotes_of, score_theme, unscored


def score(
    document: Document,
    pages: Sequence[Page],
    retriever: Retriever,
    *,
    rubric: Rubric,
    judge: Judge,
    versions: Versions,
    tagged: Sequence[Fact] = (),
    readings: Readings | None = None,
) -> Scorecard:
    """Judge one document: every theme's level, figures, claims and frameworks, each with its quotes.

    `tagged` are the facts of inline XBRL on its pages; `readings` its figures and claims, where they were
    read before.

    The same values give the same scorecard, and no clock is looked at. `versions` names the judge that is
    asked; the scorecard names the one that judged.
    """
    examined = examine(
        document, pages, retriever, rubric=rubric, judge=judge, tagged=tagged, readings=readings
    )
    return _conclude(examined.document, [examined], rubric=rubric, versions=versions)


def score_together(
    company: str, year: int, documents: Sequence[Examined], *, rubric: Rubric, versions: Versions
) -> Scorecard:
    """Judge a company's year over all its documents: report, data pack, policy, assurance statement.

    One judge has judged them all. The order of `documents` does not matter; what they say is believed in the
    order of `by_precedence`.
    """
    ordered = by_precedence(documents)
    binder = bind(company, year, [d.document for d in ordered])
    return _conclude(binder, ordered, rubric=rubric, versions=versions)


def _conclude(
    document: Document, examined: Sequence[Examined], *, rubric: Rubric, versions: Versions
) -> Scorecard:
    by = _judging(examined)
    versions = replace(versions, judge=by.judge)
    ledger = reconcile([(d.kpis, d.claims) for d in examined])
    read = best_by_id(e for d in examined for e in d.evidence.values())
    known = facts(ledger.kpis, ledger.claims, read)
    shown = retrieved(known)
    year = document.identity.year
    heard = [d for d in examined if not d.readable.reason]
    readable = _together(heard, rubric) if heard else examined[0].readable
    judged = [joined(theme, heard, shown) for theme in rubric.themes] if heard else []
    tongue = spoken_together([(d.spoken, letters(d.sheets)) for d in heard])
    themes = _themes(rubric, judged, readable, examined, tongue)
    several = tuple(d.document for d in examined) if len(examined) > 1 else ()
    supports = [support for one in judged for support in one.supports]
    said = stated_together(rubric, heard, shown) if heard else []
    frameworks = answer(rubric, [*supports, *said], known)
    return Scorecard(
        document=document,
        rubric_id=rubric.id,
        rubric_version=rubric.version,
        versions=versions,
        overall=overall(themes, age_loss=confidence.freshness(year, rubric.as_of)),
        themes=themes,
        kpis=ledger.kpis,
        claims=ledger.claims,
        frameworks=frameworks,
        evidence=_cited(judged, _quoted(ledger, read), named(said, frameworks), examined),
        parity=parity(judged, {d.document.id: d.retrieved for d in heard}),
        trace_id=trace_id(document, rubric, versions),
        documents=several,
        contradictions=ledger.contradictions,
        judge_note=by.note,
        proposals=by.proposals,
    )


def _judging(examined: Sequence[Examined]) -> Judging:
    """Say who judged all the documents, and add up what a model proposed for each."""
    proposals = [one.judging.proposals for one in examined if one.judging.proposals]
    return examined[0].judging._replace(proposals=sum(proposals, Proposals()) if proposals else None)


def trace_id(document: Document, rubric: Rubric, versions: Versions) -> str:
    """Name the lineage: 32 hexadecimal digits from the document and all that judged it."""
    parts = (document.id, rubric.id, rubric.version, versions.pipeline, versions.embedder, versions.judge)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _together(examined: Sequence[Examined], rubric: Rubric) -> Readability:
    return readability([sheet for one in examined for sheet in one.sheets], rubric)


def _themes(
    rubric: Rubric,
    judged: Sequence[Judged],
    readable: Readability,
    examined: Sequence[Examined],
    tongue: Spoken,
) -> tuple[ThemeScore, ...]:
    if not judged:
        return tuple(unscored(theme, readable) for theme in rubric.themes)
    loss = confidence.of_ocr(by_ocr=readable.by_ocr, decoded=readable.decoded) + lost(rubric, tongue)
    notes = [*told(rubric, tongue), *notes_of(readable, examined, rubric)]
    places = {d.document.id: number for number, d in enumerate(examined, 1)} if len(examined) > 1 else {}
    return tuple(score_theme(one, readable, loss=loss, notes=notes, numbers=places) for one in judged)


def _quoted(ledger: Ledger, read: dict[str, Evidence]) -> list[Evidence]:
    """The quotes of what stands in the ledger: a figure that two documents print is quoted once."""
    stated = (s.evidence for c in ledger.contradictions for s in (c.chosen, *c.others))
    named = (*(k.evidence for k in ledger.kpis), *(c.evidence for c in ledger.claims), *stated)
    return [read[key] for key in dict.fromkeys(named)]


def _cited(
    judged: Sequence[Judged],
    quoted: Sequence[Evidence],
    said: Sequence[Evidence],
    examined: Sequence[Examined],
) -> tuple[Evidence, ...]:
    """All quotes that are named somewhere, once, document by document in the order of the pages."""
    order = {d.document.id: place for place, d in enumerate(examined)}
    known = best_by_id((*(e for one in judged for e in quotes_of(one)), *quoted))
    every = {e.id: e for e in said} | known
    return tuple(sorted(every.values(), key=lambda e: (order[e.document_id], e.page, e.start, e.end)))
