"""One report, read and judged once → any number of documents that are alike and have other names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from esg.domain import Chunk, Document, Fetched, Identity, Scorecard, Vectors, chunk_id, document_id
from esg.extract import Extraction

YEARS = 5  # that a company has reported on
FIRST_YEAR = 2020


def company(number: int) -> str:
    """Whose report a copy is."""
    return f"Company {number // YEARS}"


@dataclass(frozen=True, slots=True)
class Copy:
    """A document as each stage leaves it."""

    fetched: Fetched
    document: Document
    extraction: Extraction
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    scorecard: Scorecard


@dataclass(frozen=True, slots=True)
class Original:
    """What copies are made of; a copy has the report's words and levels, and a name and ids of its own."""

    fetched: Fetched
    document: Document
    extraction: Extraction
    chunks: Sequence[Chunk]
    vectors: Vectors
    scorecard: Scorecard

    def copy(self, number: int) -> Copy:
        fetched = replace(
            self.fetched, source=f"copy-{number}.pdf", data=self.fetched.data + f"\n% {number}\n".encode()
        )
        name = document_id(fetched.data)
        identity = Identity(company(number), FIRST_YEAR + number % YEARS)
        pages = tuple(replace(page, document_id=name) for page in self.extraction.pages)
        extraction = replace(self.extraction, pages=pages, identity=identity)
        document = replace(
            self.document,
            id=name,
            source=fetched.source,
            size_bytes=len(fetched.data),
            identity=identity,
        )
        chunks = tuple(replace(c, id=chunk_id(name, c.spans, c.text), document_id=name) for c in self.chunks)
        scorecard = replace(self.scorecard, document=document, trace_id=name[:32])
        return Copy(fetched, document, extraction, chunks, self.vectors, scorecard)
