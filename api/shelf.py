"""document id → its scorecard, pages and bytes; the last few are kept at hand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from api.problems import Problem
from esg.domain import Evidence, Fetched, Page, Scorecard
from esg.errors import NotFound
from esg.report import from_dict
from esg.resources import Resources
from esg.rubric import Rubric
from esg.state import State

CARDS = 64
DOCUMENTS = 4  # pages of a long report take tens of megabytes

WHY_NOT = {
    "running": ("not_ready", "It is still being read.", "Ask for its job, then come again."),
    "cancelled": ("cancelled", "Its job was cancelled.", "Submit it again."),
}


class AtHand:
    """The last scorecards and pages that were asked for, by whomever."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self.card = lru_cache(CARDS)(self._read_card)
        self.pages = lru_cache(DOCUMENTS)(self._read_pages)

    def _read_card(self, data: bytes) -> Scorecard:
        return from_dict(json.loads(data))

    def _read_pages(self, document_id: str) -> tuple[Page, ...]:
        return self._resources.lake.extraction(document_id).pages


@dataclass(frozen=True)
class Shelf:
    """What is in the lake, read for HTTP as a tenant may see it. Safe to share between threads.

    Every read asks `state` first: what is kept at hand is shared by all.
    """

    resources: Resources
    at_hand: AtHand
    tenant: str | None = None

    def seen_by(self, tenant: str | None) -> "Shelf":
        return replace(self, tenant=tenant)

    @cached_property
    def state(self) -> State:
        return self.resources.state.seen_by(self.tenant)

    def card_json(self, document_id: str) -> bytes:
        """The canonical JSON of the newest scorecard; raises NotFound or a Problem that says why not."""
        key = self.state.scorecard_key(document_id)
        if key is None:
            raise self._why_not(document_id)
        return self.resources.lake.scorecard(key)

    def company_json(self, company: str, year: int | None) -> bytes | None:
        """The canonical JSON of a company's year over several documents; None where it has not several.

        Raises a Problem where they have not been judged together yet.
        """
        together = self.state.company_years(company, year) if year is not None else []
        if not together:
            return None
        if not together[0].key:
            raise Problem(
                404,
                f"The {len(together[0].documents)} documents have not been judged together yet.",
                code="not_ready",
                next_step="The fleet does it as soon as none of them is on its way; come again.",
            )
        return self.resources.lake.scorecard(together[0].key)

    def card(self, document_id: str) -> Scorecard:
        """The newest scorecard."""
        return self.parsed(self.card_json(document_id))

    def parsed(self, data: bytes) -> Scorecard:
        return self.at_hand.card(data)

    def evidence(self, document_id: str, evidence_id: str) -> Evidence:
        """A quote from a document, of its scorecard or of its company's year; raises a Problem otherwise."""
        return self.quoted(document_id, evidence_id)[1]

    def quoted(self, document_id: str, evidence_id: str) -> tuple[Scorecard, Evidence]:
        """A quote from a document with the scorecard that cites it; raises a Problem where none does."""
        wanted = (evidence_id, document_id)
        quotes = ((card, e) for card in self._quoting(document_id) for e in card.evidence)
        found = next(((card, e) for card, e in quotes if (e.id, e.document_id) == wanted), None)
        if found is None:
            raise no_evidence(evidence_id)
        return found

    def page(self, document_id: str, number: int) -> Page:
        """One page; raises a Problem when the document has none of this number."""
        pages = self.pages(document_id)
        if not 1 <= number <= len(pages):
            raise no_page(number, len(pages))
        return pages[number - 1]

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """All pages; raises NotFound, or a Problem that says why there are none."""
        self.state.document(document_id)
        try:
            return self.at_hand.pages(document_id)
        except NotFound as error:
            raise self._why_not(document_id, "page") from error

    def original(self, document_id: str) -> Fetched:
        self.state.document(document_id)
        return self.resources.lake.original(document_id)

    def rubric(self, card: Scorecard) -> Rubric | None:
        """The rubric in use, when a scorecard was made with it: it may be someone's own."""
        rubric = self.resources.rubric
        return rubric if (rubric.id, rubric.version) == (card.rubric_id, card.rubric_version) else None

    def _quoting(self, document_id: str) -> Iterator[Scorecard]:
        """The scorecards that quote a document."""
        yield self.card(document_id)
        identity = self.state.document(document_id).document.identity
        if identity.company and identity.year is not None:
            years = self.state.company_years(identity.company, identity.year)
            yield from (self.parsed(self.resources.lake.scorecard(one.key)) for one in years if one.key)

    def _why_not(self, document_id: str, what: str = "scorecard") -> Problem:
        """Say why a document has none of what was asked for; raises NotFound without a document."""
        record = self.state.document(document_id)  # raises NotFound
        code, detail, step = WHY_NOT.get(
            record.state, (record.reason_code or record.state, record.reason, "")
        )
        return Problem(404, f"There is no {what}. {detail}", code=code, next_step=step, state=record.state)


def no_page(number: int, pages: int) -> Problem:
    detail = f"There is no page {number}; the document has {pages}."
    return Problem(404, detail, code="no_such_page")


def no_evidence(evidence_id: str) -> Problem:
    return Problem(404, f"The scorecard has no evidence {evidence_id}.", code="no_such_evidence")
