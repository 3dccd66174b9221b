"""pages → claims."""

from collections.abc import Sequence
from typing import NamedTuple

from esg.domain import Claim, Document, Evidence, Page


class Reading(NamedTuple):
    """A claim and the quote it was read from."""

    claim: Claim
    evidence: Evidence


def read_claims(document: Document, pages: Sequence[Page]) -> list[Reading]:
    """Read statements with a value, each with its quote."""
    return []
