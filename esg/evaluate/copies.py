"""One report, read and judged once → any number of documents that are alike and have other names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from esg.domain import Chunk, Document, Fetched, Identity, Scorecard, Vectors, chunk_id, document_id
from esg.extract import Extraction, extract
from esg.pipeline import cut, describe, judge
from esg.resources import Resources

YEARS = 5  # that a company has reported on
FIRST_YEAR = 2020


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
    extraction: Extraction
    chunks: Sequence[Chunk]
    vectors: Vectors
    scorecard: Scorecard

    @classmethod
    def read(cls, fetched: Fetched, resources: Resources) -> "Original":
        """Read and judge a report; raises Rejected for one that cannot be read."""
        extraction = extract(fetched, limits=resources.parse_limits)
        chunks = cut(extraction.pages, resources=resources)
        vectors = resources.embedder.embed([chunk.text for chunk in chunks])
        document = describe(fetched, extraction, company=None, year=None)
        scorecard = judge(document, extraction, chunks, vectors, rubric=resources.rubric, resources=resources)
        return cls(fetched, extraction, chunks, vectors, scorecard)

    def copy(self, number: int) -> Copy:
        fetched = replace(
            self.fetched, source=f"copy-{number}.pdf", data=self.fetched.data + f"\n% {number}\n".encode()
        )
        name = document_id(fetched.data)
        identity = Identity(f"Company {number // YEARS}", FIRST_YEAR + number % YEARS)
        pages = tuple(replace(page, document_id=name) for page in self.extraction.pages)
        extraction = replace(self.extraction, pages=pages, identity=identity)
        document = describe(fetched, extraction, company=identity.company, year=identity.year)
        chunks = tuple(replace(c, id=chunk_id(name, c.spans, c.text), document_id=name) for c in self.chunks)
        scorecard = replace(self.scorecard, document=document, trace_id=name[:32])
        return Copy(fetched, document, extraction, chunks, self.vectors, scorecard)
