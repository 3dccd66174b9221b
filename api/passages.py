"""question → passages of the documents that a caller may see."""

from collections.abc import Mapping
from typing import NamedTuple

from api.deps import House
from esg import passages
from esg.domain import Hit
from esg.state import DocumentRecord, Wanted


class Searched(NamedTuple):
    """The documents to look through, by id, and whether that is everything there is."""

    records: Mapping[str, DocumentRecord]
    is_everything: bool


def within(house: House, wanted: Wanted, document: str | None = None) -> Searched:
    """What a caller asks for: one document, or those that are wanted; raises NotFound for one not there."""
    found = [house.state.document(document)] if document else house.state.list_documents(None, wanted)
    is_everything = house.tenant is None and document is None and wanted == Wanted()
    return Searched({record.document.id: record for record in found}, is_everything)


def find(
    house: House, query: str, searched: Searched, *, k: int, careful: bool, meaning: str = ""
) -> list[Hit]:
    """The k best, as `esg search` finds them."""
    documents = None if searched.is_everything else list(searched.records)
    return passages.find(query, house.resources, documents=documents, k=k, careful=careful, meaning=meaning)
