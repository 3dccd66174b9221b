"""pages and metadata → whose report it is and which year it covers, both guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from esg.domain import Identity, Page


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about itself besides its pages."""

    title: str = ""
    author: str = ""
    company: str = ""  # where a machine-readable fact names it (iXBRL)
    year: int | None = None
    name: str = ""  # its path or URL


def identify(pages: Sequence[Page], about: About) -> Identity:
    """Guess; "" and None where nothing points anywhere."""
    return Identity("", None, company_guessed=True, year_guessed=True)
