"""scorecard ↔ JSON: the contract `esg.scorecard/1`, in one stated order, byte for byte the same.

Numbers are rounded to a stated grid before they are written (esg/report/grid.py): coordinates to 0.01 pt,
scores and confidences to 0.01, retrieval parts to 0.000001, KPI values to 12 significant digits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from esg.domain import (
    Box,
    Claim,
    Contradiction,
    CriterionResult,
    Disclosure,
    Document,
    Evidence,
    Hidden,
    Identity,
    Kpi,
    MediaType,
    Overall,
    Parity,
    Proposals,
    Retrieval,
    Scorecard,
    Statement,
    Status,
    ThemeScore,
    Versions,
)
from esg.report.grid import POINT_DIGITS, RETRIEVAL_DIGITS, SCORE_DIGITS, decimals, significant

SCHEMA_ID = "esg.scorecard/1"

Json = dict[str, Any]


def canonical_json(scorecard: Scorecard) -> bytes:
    """Write a scorecard as UTF-8 JSON: contract order, two spaces of indent, one newline at the end."""
    text = json.dumps(to_dict(scorecard), ensure_ascii=False, allow_nan=False, indent=2)
    return text.encode() + b"\n"


def to_dict(scorecard: Scorecard) -> Json:
    """Lay a scorecard out in the order of the contract; raise ValueError on a number that is not finite."""
    return {
        "schema": SCHEMA_ID,
        "document": _document(scorecard.document),
        **_documents(scorecard),
        "rubric": {"id": scorecard.rubric_id, "version": scorecard.rubric_version},
        "pipeline": _pipeline(scorecard),
        "overall": {
            "score": decimals(scorecard.overall.score, SCORE_DIGITS),
            "grade": scorecard.overall.grade,
            "confidence": decimals(scorecard.overall.confidence, SCORE_DIGITS),
        },
        "themes": [_theme(theme) for theme in scorecard.themes],
        "kpis": [_kpi(kpi) for kpi in scorecard.kpis],
        "claims": [_claim(claim) for claim in scorecard.claims],
        **_contradictions(scorecard),
        "frameworks": {name: [_disclosure(d) for d in lines] for name, lines in scorecard.frameworks},
        "evidence": [_evidence(evidence, scorecard) for evidence in scorecard.evidence],
        "parity": {
            "ok": scorecard.parity.ok,
            "evidence_outside_top_k": list(scorecard.parity.evidence_outside_top_k),
        },
        "trace_id": scorecard.trace_id,
    }


def from_dict(data: Mapping[str, Any]) -> Scorecard:
    """Read back what `to_dict` wrote; for a dict of unknown origin call `validate` first."""
    document = _read_document(data["document"])
    return Scorecard(
        document=document,
        rubric_id=data["rubric"]["id"],
        rubric_version=data["rubric"]["version"],
        versions=Versions(
            data["pipeline"]["version"], data["pipeline"]["embedder"], data["pipeline"]["judge"]
        ),
        overall=Overall(**data["overall"]),
        themes=tuple(_read_theme(theme) for theme in data["themes"]),
        kpis=tuple(_read_kpi(kpi) for kpi in data["kpis"]),
        claims=tuple(Claim(**claim) for claim in data["claims"]),
        frameworks=tuple(
            (name, tuple(_read_disclosure(line) for line in lines))
            for name, lines in data["frameworks"].items()
        ),
        evidence=tuple(_read_evidence(evidence, document.id) for evidence in data["evidence"]),
        parity=Parity(data["parity"]["ok"], tuple(data["parity"]["evidence_outside_top_k"])),
        trace_id=data["trace_id"],
        documents=tuple(_read_document(one) for one in data.get("documents", ())),
        contradictions=tuple(_read_contradiction(one) for one in data.get("contradictions", ())),
        judge_note=data["pipeline"].get("judge_note", ""),
        proposals=_read_proposals(data["pipeline"].get("proposals")),
    )


# -- noun → dict ------------------------------------------------------------------------------------------


def _document(document: Document) -> Json:
    identity = document.identity
    return {
        "id": document.id,
        "company": identity.company,
        "year": identity.year,
        "source": document.source,
        "pages": document.pages,
        "language": document.language,
        "title": document.title,
        "media_type": document.media_type.value,
        "size_bytes": document.size_bytes,
        "company_guessed": identity.company_guessed,
        "year_guessed": identity.year_guessed,
        **_hidden(document),
    }


def _hidden(document: Document) -> Json:
    """Of a file that holds more than its reader sees."""
    found = [{"page": hidden.page, "letters": hidden.letters} for hidden in document.hidden]
    return {"hidden_text": found} if found else {}


def _documents(scorecard: Scorecard) -> Json:
    """Of a company-year: what it was judged on."""
    return {"documents": [_document(one) for one in scorecard.documents]} if scorecard.documents else {}


def _pipeline(scorecard: Scorecard) -> Json:
    """What produced it; of a judge that asks a model also what came of that."""
    return {
        "version": scorecard.versions.pipeline,
        "embedder": scorecard.versions.embedder,
        "judge": scorecard.versions.judge,
        **({"judge_note": scorecard.judge_note} if scorecard.judge_note else {}),
        **({"proposals": asdict(scorecard.proposals)} if scorecard.proposals else {}),
    }


def _theme(theme: ThemeScore) -> Json:
    return {
        "code": theme.code,
        "level": theme.level,
        "confidence": decimals(theme.confidence, SCORE_DIGITS),
        "status": theme.status.value,
        "rationale": theme.rationale,
        "criteria": [
            {"id": c.id, "level": c.level, "met": c.met, "evidence": list(c.evidence)} for c in theme.criteria
        ],
        "evidence": list(theme.evidence),
    }


def _kpi(kpi: Kpi) -> Json:
    return {
        "kpi": kpi.kpi,
        "raw_value": kpi.raw_value,
        "raw_unit": kpi.raw_unit,
        "value": significant(kpi.value),
        "unit": kpi.unit,
        "period": kpi.period,
        "fiscal_year": kpi.fiscal_year,
        "method": kpi.method,
        "boundary": kpi.boundary,
        "restated": kpi.restated,
        "page": kpi.page,
        "quote": kpi.quote,
        "start": kpi.start,
        "end": kpi.end,
        "boxes": _boxes(kpi.boxes),
        "flags": list(kpi.flags),
        "evidence": kpi.evidence,
    }


def _claim(claim: Claim) -> Json:
    return {
        "claim": claim.claim,
        "value": claim.value,
        "page": claim.page,
        "quote": claim.quote,
        "evidence": claim.evidence,
    }


def _contradictions(scorecard: Scorecard) -> Json:
    if not scorecard.documents:
        return {}
    return {"contradictions": [_contradiction(one) for one in scorecard.contradictions]}


def _contradiction(one: Contradiction) -> Json:
    return {
        "about": one.about,
        "fiscal_year": one.fiscal_year,
        "method": one.method,
        "chosen": _statement(one.chosen),
        "others": [_statement(other) for other in one.others],
    }


def _statement(one: Statement) -> Json:
    value = significant(one.value) if isinstance(one.value, float) else one.value
    return {"value": value, "unit": one.unit, "evidence": one.evidence}


def _disclosure(line: Disclosure) -> Json:
    return {"id": line.id, "disclosed": line.disclosed, "evidence": list(line.evidence)}


def _evidence(evidence: Evidence, scorecard: Scorecard) -> Json:
    return {
        "id": evidence.id,
        **({"document_id": evidence.document_id} if scorecard.documents else {}),
        "page": evidence.page,
        "printed_page": evidence.printed_page,
        "quote": evidence.quote,
        "start": evidence.start,
        "end": evidence.end,
        "boxes": _boxes(evidence.boxes),
        "sha256": evidence.sha256,
        "chunk_id": evidence.chunk_id,
        "retrieval": _retrieval(evidence.retrieval),
    }


def _retrieval(retrieval: Retrieval | None) -> Json | None:
    if retrieval is None:
        return None
    return {
        "dense": decimals(retrieval.dense, RETRIEVAL_DIGITS),
        "lexical": decimals(retrieval.lexical, RETRIEVAL_DIGITS),
        "fused": decimals(retrieval.fused, RETRIEVAL_DIGITS),
        "rank": retrieval.rank,
    }


def _boxes(boxes: Sequence[Box]) -> list[list[float]]:
    return [[decimals(edge, POINT_DIGITS) for edge in box] for box in boxes]


# -- dict → noun ------------------------------------------------------------------------------------------


def _read_document(data: Json) -> Document:
    identity = Identity(data["company"], data["year"], data["company_guessed"], data["year_guessed"])
    return Document(
        id=data["id"],
        source=data["source"],
        media_type=MediaType(data["media_type"]),
        size_bytes=data["size_bytes"],
        identity=identity,
        pages=data["pages"],
        language=data["language"],
        title=data["title"],
        hidden=tuple(Hidden(**hidden) for hidden in data.get("hidden_text", ())),
    )


def _read_proposals(data: Json | None) -> Proposals | None:
    return None if data is None else Proposals(**data)


def _read_theme(data: Json) -> ThemeScore:
    criteria = tuple(
        CriterionResult(c["id"], c["level"], c["met"], tuple(c["evidence"])) for c in data["criteria"]
    )
    return ThemeScore(
        code=data["code"],
        level=data["level"],
        confidence=data["confidence"],
        status=Status(data["status"]),
        rationale=data["rationale"],
        criteria=criteria,
        evidence=tuple(data["evidence"]),
    )


def _read_kpi(data: Json) -> Kpi:
    return Kpi(**data | {"boxes": _read_boxes(data["boxes"]), "flags": tuple(data["flags"])})


def _read_contradiction(data: Json) -> Contradiction:
    chosen, *others = (Statement(**one) for one in (data["chosen"], *data["others"]))
    return Contradiction(data["about"], data["fiscal_year"], data["method"], chosen, tuple(others))


def _read_disclosure(data: Json) -> Disclosure:
    return Disclosure(data["id"], data["disclosed"], tuple(data["evidence"]))


def _read_evidence(data: Json, document_id: str) -> Evidence:
    """Read a quote; one that names no document is of the scorecard's own."""
    retrieval = data["retrieval"] and Retrieval(**data["retrieval"])
    read: Json = {"boxes": _read_boxes(data["boxes"]), "retrieval": retrieval}
    return Evidence(**{"document_id": document_id, **data, **read})


def _read_boxes(boxes: Sequence[Sequence[float]]) -> tuple[Box, ...]:
    return tuple(Box(*box) for box in boxes)
