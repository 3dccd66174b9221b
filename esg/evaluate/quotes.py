"""scorecards ↔ their documents: is every quote on its page, word for word?

Each document is extracted again from its bytes; nothing that was stored is believed. A second reading, that
shares no code with ours (`plain`), says how many quotes stand in the page's text as PDFium alone gives it.
What a quote is to support is asked of it again by the criterion's own cues (`cued`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from esg.domain import Box, Chunk, Fetched, Page, document_id
from esg.errors import EsgError, NotFound
from esg.evaluate import cued, plain
from esg.evaluate.originals import Finder
from esg.evaluate.scorecards import files, read_card
from esg.extract import ParseLimits, extract
from esg.rubric import Rubric

Cut = Callable[[Sequence[Page]], Sequence[Chunk]]

BOX_SLACK = 0.5  # points: boxes are written on a grid of 0.01, pages are not


@dataclass(frozen=True, slots=True)
class Findings:
    """Counts over all scorecards; `quotes` is those of evidence, KPIs and claims together.

    `not_on_page` counts quotes that are not the page's text at their offsets; `plain_run` those found in the
    independent text in one run, `plain_words` those whose every word is found there. `supports` counts quotes
    for each met criterion that they are given for, `unsupported` those of them that its cues do not find;
    `support_unchecked` the scorecards of another rubric than is asked, or not judged by cues.
    """

    scorecards: int = 0
    quotes: int = 0
    verbatim: int = 0
    not_on_page: int = 0
    boxes: int = 0
    boxes_off_page: int = 0
    wrong_hashes: int = 0
    plain_run: int = 0
    plain_words: int = 0
    supports: int = 0
    unsupported: int = 0
    support_unchecked: int = 0
    problems: tuple[str, ...] = ()

    def __add__(self, other: "Findings") -> "Findings":
        sums = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return Findings(**sums)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"problems": list(self.problems)}


@dataclass(frozen=True, slots=True)
class _Quote:
    place: str
    document_id: str
    page: int
    text: str
    start: int | None = None  # of a claim only the page is known
    end: int | None = None
    boxes: tuple[Box, ...] = ()
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How documents are found and read again, and by which rubric their quotes are asked."""

    find: Finder
    limits: ParseLimits
    cut: Cut
    rubric: Rubric


def evaluate_quotes(folder: Path, reader: Reader) -> Findings:
    """Check every scorecard (`*.json`) below `folder`; raise NotFound when there is none."""
    found = Findings()
    for file in files(folder):
        found += _of_file(file, reader)
    return found


def _of_file(file: Path, reader: Reader) -> Findings:
    try:
        card = read_card(file)
        originals = [original for key in _parts(card) if (original := reader.find(key)) is not None]
        if missing := len(_parts(card)) - len(originals):
            what = f"{missing} of its documents were" if len(_parts(card)) > 1 else "its document was"
            raise NotFound(f"{what} not found", next_step="Say where it is with --reports DIR.")
        return check(card, *originals, reader=reader, name=file.name)
    except EsgError as error:
        return Findings(scorecards=1, problems=(f"{file.name}: {error}",))


def check(card: dict[str, Any], *originals: Fetched, reader: Reader, name: str = "") -> Findings:
    """Check one scorecard (as JSON) against the bytes of its document, of a company-year of all of them."""
    by_id = {document_id(original.data): original for original in originals}
    if sorted(by_id) != sorted(_parts(card)):
        return Findings(scorecards=1, problems=(f"{name}: the document's bytes are others",))
    can_check = cued.can_check(card, reader.rubric)
    found = Findings(scorecards=1, support_unchecked=int(not can_check))
    quotes = list(_quotes(card))
    for key, original in by_id.items():
        pages = extract(original, limits=reader.limits).pages
        texts = plain.pages(original, limits=reader.limits)
        for quote in quotes:
            if quote.document_id == key:
                found += check_quote(quote, pages, texts, name)
        if can_check:
            found += _check_support(card, key, pages, reader, name)
    return found


def _check_support(
    card: dict[str, Any], document: str, pages: Sequence[Page], reader: Reader, name: str
) -> Findings:
    """Ask of each quote of a document what its criterion asks."""
    asked = cued.Cued(card, pages, reader.cut(pages), rubric=reader.rubric)
    supports = list(cued.supports(card, document))
    failed = [support for support in supports if not asked.holds(support)]
    return Findings(
        supports=len(supports),
        unsupported=len(failed),
        problems=tuple(
            f"{name}: evidence {s.evidence} does not say {s.criterion} (page {s.page})" for s in failed
        ),
    )


def _parts(card: dict[str, Any]) -> list[str]:
    """The documents that a scorecard quotes."""
    return [part["id"] for part in card.get("documents", [card["document"]])]


def check_quote(quote: _Quote, pages: Sequence[Page], texts: Sequence[str], name: str) -> Findings:
    """Check one quote against our pages and against the independent texts."""
    page = next((page for page in pages if page.number == quote.page), None)
    verbatim = page is not None and _is_verbatim(quote, page)
    off_page = sum(page is None or not _lies_on(box, page) for box in quote.boxes)
    hash_wrong = quote.sha256 not in (None, sha256(quote.text.encode()).hexdigest())
    text = texts[0] if len(texts) == 1 else texts[quote.page - 1] if 0 < quote.page <= len(texts) else ""
    problems = {
        "is not the page's text at its place": not verbatim,
        "has a box that is not on the page": off_page > 0,
        "has another text's hash": hash_wrong,
    }
    return Findings(
        quotes=1,
        verbatim=int(verbatim),
        not_on_page=int(not verbatim),
        boxes=len(quote.boxes),
        boxes_off_page=off_page,
        wrong_hashes=int(hash_wrong),
        plain_run=int(plain.runs_on(quote.text, text)),
        plain_words=int(plain.has_words(quote.text, text)),
        problems=tuple(
            f"{name}: {quote.place} (page {quote.page}) {what}" for what, is_so in problems.items() if is_so
        ),
    )


def _is_verbatim(quote: _Quote, page: Page) -> bool:
    if quote.start is None or quote.end is None:
        return quote.text in page.text
    return page.text[quote.start : quote.end] == quote.text


def _lies_on(box: Box, page: Page) -> bool:
    in_order = box.x0 <= box.x1 and box.y0 <= box.y1
    low, right, foot = -BOX_SLACK, page.width + BOX_SLACK, page.height + BOX_SLACK
    return in_order and box.x0 >= low and box.y0 >= low and box.x1 <= right and box.y1 <= foot


def _quotes(card: dict[str, Any]) -> Iterator[_Quote]:
    own = card["document"]["id"]
    whose = {evidence["id"]: evidence.get("document_id", own) for evidence in card["evidence"]}
    for evidence in card["evidence"]:
        yield _placed(evidence, f"evidence {evidence['id']}", whose[evidence["id"]], evidence["sha256"])
    for kpi in card["kpis"]:
        yield _placed(kpi, f"KPI {kpi['kpi']}", whose.get(kpi["evidence"], own))
    for claim in card["claims"]:
        document = whose.get(claim["evidence"], own)
        yield _Quote(f"claim {claim['claim']}", document, claim["page"], claim["quote"])


def _placed(quoted: dict[str, Any], place: str, document: str, digest: str | None = None) -> _Quote:
    boxes = tuple(Box(*box) for box in quoted["boxes"])
    start, end = quoted["start"], quoted["end"]
    return _Quote(place, document, quoted["page"], quoted["quote"], start, end, boxes, digest)
