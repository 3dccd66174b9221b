"""The nouns, in flow order: source → document → pages → chunks → hits → evidence → scorecard.

All are frozen; a change is a new value. Ids come from content, so doing a thing twice is doing it once.
Coordinates are PDF points (1/72 inch) with the origin at the top left of the page as a reader sees it;
`start` and `end` are offsets into `Page.text`, counted in Unicode code points, end exclusive.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # shape (n, dimensions), each row of unit length


# -- document ---------------------------------------------------------------------------------------------


def document_id(data: bytes) -> str:
    """Name a document by its bytes: 64 hexadecimal digits of SHA-256."""
    return hashlib.sha256(data).hexdigest()


def company_year_id(company: str, year: int, documents: Iterable[str]) -> str:
    """Name a company's year by what is in it: 64 hexadecimal digits, whatever order its documents came in."""
    parts = ("company-year", company, str(year), *sorted(documents))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class MediaType(StrEnum):
    PDF = "application/pdf"
    HTML = "text/html"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    SEVERAL = "multipart/mixed"  # the documents of one company and year, judged together

    @property
    def ending(self) -> str:
        """How the name of such a file ends, with the dot; "" where it is no file."""
        return {MediaType.PDF: ".pdf", MediaType.HTML: ".html", MediaType.DOCX: ".docx"}.get(self, "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Bytes as they came, and where and when they came from."""

    source: str
    data: bytes
    media_type: MediaType
    fetched_at: datetime
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where and when bytes came from, without the bytes: these may be many, and are in a file."""

    document_id: str
    size_bytes: int
    source: str
    media_type: MediaType
    fetched_at: datetime
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, fetched: Fetched) -> "Arrival":
        return cls(
            document_id(fetched.data),
            len(fetched.data),
            fetched.source,
            fetched.media_type,
            fetched.fetched_at,
            fetched.final_url,
            fetched.headers,
        )


YEARS = (1900, 2100)  # what anybody may give, the first and the last
LONGEST_COMPANY = 200  # characters
LONGEST_QUESTION = 500
LONGEST_MEANING = 2000
MOST_PASSAGES = 50  # that a search gives


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose report it is and the year it mainly covers; `guessed` where it was read, not given."""

    company: str
    year: int | None
    company_guessed: bool = False
    year_guessed: bool = False

    @property
    def given(self) -> tuple[str | None, int | None]:
        """Company and year that someone gave, None where what is known was read."""
        return (
            None if self.company_guessed else self.company or None,
            None if self.year_guessed else self.year,
        )


class Hidden(NamedTuple):
    """Letters that a file holds and no reader of its page sees; nothing is read from them."""

    page: int
    letters: int


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    source: str
    media_type: MediaType
    size_bytes: int
    identity: Identity
    pages: int = 0
    language: str = ""
    title: str = ""
    hidden: tuple[Hidden, ...] = ()  # known once its pages were judged


# -- pages ------------------------------------------------------------------------------------------------


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


class Word(NamedTuple):
    """A run of non-blank characters of `Page.text` and where it is printed."""

    start: int
    end: int
    box: Box


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    HEADER = "header"
    FOOTER = "footer"

    @property
    def is_running(self) -> bool:
        """Whether it is a running header or footer: repeated on many pages, never evidence."""
        return self in (BlockKind.HEADER, BlockKind.FOOTER)


class Block(NamedTuple):
    """A piece of `Page.text`; blocks are in reading order and do not overlap."""

    kind: BlockKind
    start: int
    end: int
    box: Box
    level: int = 0  # of a heading: 1 is the largest


class Cell(NamedTuple):
    """A table cell. `header` is the path of column headers above it, outermost first."""

    row: int
    column: int
    start: int
    end: int
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a page: each row is one line of `Page.text`, its cells parted by a tab."""

    start: int
    end: int
    caption: str
    rows: tuple[tuple[Cell, ...], ...]


class Legibility(StrEnum):
    TEXT = "text"
    NO_TEXT = "no_text"  # a picture without a text layer
    GARBLED = "garbled"  # a text layer whose letters are not the printed ones
    OCR = "ocr"  # read from its picture
    DECODED = "decoded"  # a garbled text layer, its letters learnt by OCR

    @property
    def is_read(self) -> bool:
        """Whether the page's text is what is printed on it."""
        return self in (Legibility.TEXT, Legibility.OCR, Legibility.DECODED)

    @property
    def by_ocr(self) -> bool:
        return self in (Legibility.OCR, Legibility.DECODED)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it reads; `words` are in the order of its text: no start and no end goes back."""

    document_id: str
    number: int  # 1-based position in the file
    label: str  # as printed, "" where none is printed
    width: float
    height: float
    text: str
    words: Sequence[Word]
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    language: str  # ISO 639-1, "" where unknown
    legibility: Legibility
    hidden: int = 0  # letters that the file holds here and no reader sees: in none of the above


class Span(NamedTuple):
    page: int
    start: int
    end: int


# -- facts ------------------------------------------------------------------------------------------------


class Dimension(NamedTuple):
    """What a fact's context narrows it down to: an axis and its member, or the text of a typed member."""

    axis: str
    member: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What an inline XBRL tag says of the text it stands around; `place` is None where nothing is printed.

    Names are as the document writes them, with its prefixes; `namespace` is what the concept's prefix stands
    for. Dates are ISO 8601, both ends inclusive; `start` is "" for an instant, both for no period.
    """

    concept: str  # "esrs:GrossScope1GreenhouseGasEmissions"
    namespace: str
    value: str  # after the format, the scale and the sign: "-1500000"; a text as it reads, "" for nil
    number: float | None  # None for a text, for nil and for what cannot be read
    is_nil: bool
    decimals: str  # "-3", "INF", "" where none are said
    entity: str
    start: str
    end: str
    dimensions: tuple[Dimension, ...]
    unit: tuple[str, ...]  # measures above the line of the fraction: ("utr:tCO2e",), () for a text
    per: tuple[str, ...]  # measures below it
    printed: str  # the text inside the tag
    place: Span | None  # of that text, where it begins if it is printed in several pieces
    flags: tuple[str, ...]  # what is wrong with it: no_context, no_unit, bad_format, …

    @property
    def is_annual(self) -> bool:
        """Whether it is of a period of about a year; 52 and 53 weeks are one, too."""
        if not self.start or not self.end:
            return False
        days = (date.fromisoformat(self.end) - date.fromisoformat(self.start)).days + 1
        return 350 <= days <= 380


# -- chunks, vectors, hits --------------------------------------------------------------------------------


class ChunkKind(StrEnum):
    PROSE = "prose"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is embedded and retrieved: `text` is the spans' page text joined by newlines."""

    id: str
    document_id: str
    spans: tuple[Span, ...]
    text: str
    tokens: int
    section: str
    kind: ChunkKind


def chunk_id(document_id: str, spans: Sequence[Span], text: str) -> str:
    """Name a chunk by its document, its place and its text: 16 hexadecimal digits."""
    place = ";".join(f"{s.page}:{s.start}:{s.end}" for s in spans)
    return hashlib.sha256(f"{document_id}:{place}:{text}".encode()).hexdigest()[:16]


class Retrieval(NamedTuple):
    """Why a chunk was found: cosine, BM25, the fused score and the rank (1 is best)."""

    dense: float
    lexical: float
    fused: float
    rank: int


@dataclass(frozen=True, slots=True)
class Hit:
    chunk: Chunk
    retrieval: Retrieval


# -- evidence, levels, KPIs -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote: `quote == pages[page].text[start:end]`, checked before it is written."""

    id: str
    document_id: str  # whose page it is
    page: int
    printed_page: str
    quote: str
    start: int
    end: int
    boxes: tuple[Box, ...]
    sha256: str  # of the quote's UTF-8 bytes
    chunk_id: str
    retrieval: Retrieval | None  # None for a figure read from a table, not retrieved by a query

    @property
    def place(self) -> tuple[str, int]:
        """Document and page: several documents have a page 1."""
        return self.document_id, self.page


def evidence_id(document_id: str, span: Span) -> str:
    """Name a quote by its place: 16 hexadecimal digits, the same wherever it is cited."""
    key = f"{document_id}:{span.page}:{span.start}:{span.end}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


class Status(StrEnum):
    SCORED = "scored"
    NOT_DISCLOSED = "not_disclosed"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    id: str
    level: int
    met: bool
    evidence: tuple[str, ...]  # ids into Scorecard.evidence


@dataclass(frozen=True, slots=True)
class ThemeScore:
    code: str
    level: int  # 0..4
    confidence: float  # 0..1
    status: Status
    rationale: str
    criteria: tuple[CriterionResult, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure: as printed and normalised. `period` is as printed ("FY23"), `fiscal_year` its number."""

    kpi: str
    raw_value: str
    raw_unit: str
    value: float
    unit: str
    period: str
    fiscal_year: int | None
    method: str  # location, market, unspecified, "" where it does not apply
    boundary: str  # as printed, of an intensity the scopes it counts
    restated: bool
    page: int
    quote: str
    start: int
    end: int
    boxes: tuple[Box, ...]
    flags: tuple[str, ...]
    evidence: str  # id into Scorecard.evidence


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with a value: net_zero_target_year, sbti_status, assurance_level, … (DESIGN §4)."""

    claim: str
    value: str
    page: int
    quote: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One line of a reporting framework, answered from the same evidence as the themes."""

    id: str
    disclosed: Literal["yes", "partial", "no"]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one document says: a figure in the KPI's unit, or a claim's value with the unit ""."""

    value: float | str
    unit: str
    evidence: str  # id into Scorecard.evidence


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Documents of one company and year that say different things, and which of them counts."""

    about: str  # key of a KPI or claim
    fiscal_year: int | None  # of a KPI
    method: str
    chosen: Statement
    others: tuple[Statement, ...]


# -- scorecard --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Versions:
    """What produced a scorecard, besides the bytes."""

    pipeline: str
    embedder: str
    judge: str


@dataclass(frozen=True, slots=True)
class Overall:
    score: float  # mean level of the themes, 0..4
    grade: str  # Nascent, Emerging, Established, Advanced, Leading
    confidence: float


@dataclass(frozen=True, slots=True)
class Parity:
    """Whether every quote lies inside the spans that retrieval returned."""

    ok: bool
    evidence_outside_top_k: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """How many quotes a language model proposed, by what became of them: all but the `kept` are dropped."""

    kept: int = 0
    unknown_span: int = 0  # of a passage that it was not given
    not_verbatim: int = 0  # not in the passage it names
    unheard: int = 0  # without the words that the rubric asks for
    countered: int = 0  # taken away by what stands beside them

    @property
    def made(self) -> int:
        return self.kept + self.unknown_span + self.not_verbatim + self.unheard + self.countered

    def __add__(self, other: "Proposals") -> "Proposals":
        return Proposals(
            self.kept + other.kept,
            self.unknown_span + other.unknown_span,
            self.not_verbatim + other.not_verbatim,
            self.unheard + other.unheard,
            self.countered + other.countered,
        )


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What one document shows, or all `documents` of a company and year, which `document` then stands for."""

    document: Document
    rubric_id: str
    rubric_version: str
    versions: Versions
    overall: Overall
    themes: tuple[ThemeScore, ...]
    kpis: tuple[Kpi, ...]
    claims: tuple[Claim, ...]
    frameworks: tuple[tuple[str, tuple[Disclosure, ...]], ...]  # ("TCFD", …), ("IFRS_S2", …), …
    evidence: tuple[Evidence, ...]
    parity: Parity
    trace_id: str  # 32 hexadecimal digits, from the content: the lineage that GET /trace resolves
    documents: tuple[Document, ...] = ()  # of a company-year, in the order in which they are believed
    contradictions: tuple[Contradiction, ...] = ()  # between them
    judge_note: str = ""  # why another judge judged than was asked
    proposals: Proposals | None = None  # of the language model, where one was asked
