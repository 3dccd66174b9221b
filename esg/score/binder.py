"""Documents of one company and year → the document that stands for them all."""

from collections import Counter
from collections.abc import Sequence

from esg.domain import Document, Identity, MediaType, company_year_id


def bind(company: str, year: int, documents: Sequence[Document]) -> Document:
    """Lay documents together; the language is that of most pages, guessed is what was given for none."""
    pages: Counter[str] = Counter()
    for document in documents:
        pages[document.language] += document.pages
    return Document(
        id=company_year_id(company, year, [d.id for d in documents]),
        source="; ".join(d.source for d in documents),
        media_type=MediaType.SEVERAL,
        size_bytes=sum(d.size_bytes for d in documents),
        identity=Identity(
            company,
            year,
            company_guessed=all(d.identity.company_guessed for d in documents),
            year_guessed=all(d.identity.year_guessed for d in documents),
        ),
        pages=sum(d.pages for d in documents),
        language=max(sorted(pages), key=lambda language: pages[language]),
        title=f"{len(documents)} documents",
    )
