"""What an assistant calls a report by → its scorecard, or what to ask instead."""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import chain

from api import company_cards
from api.deps import House
from api.problems import Problem
from esg.domain import Scorecard
from esg.register import bare, slug
from esg.state import Company

LIKE = 5  # names that are offered for one that is not known


def scorecard(house: House, document_id: str | None, name: str | None, year: int | None) -> Scorecard:
    """The newest scorecard of a document, or of a company's year, the newest where none is given.

    Raises a Problem or NotFound that says what can be asked for.
    """
    if (document_id is None) == (name is None):
        raise Problem(
            422,
            "Say which report is meant.",
            code="validation",
            next_step="Give document_id, or company and perhaps year.",
        )
    if document_id is not None:
        return house.shelf.card(document_id)
    found = named(house.state.companies(), name or "")
    return company_cards.find(house, found.slug, year).parsed(house)


def named(known: Sequence[Company], name: str) -> Company:
    """The company of a slug or name, with its legal form or without; raises a Problem that offers others."""
    exact = (c for c in known if slug(name) in (c.slug, slug(c.name)))
    without_form = (c for c in known if bare(name) == bare(c.name))
    found = next(chain(exact, without_form), None)
    if found is None:
        step = _like(known, name)
        raise Problem(404, f"There is no company {name!r}.", code="no_such_company", next_step=step)
    return found


def _like(known: Sequence[Company], name: str) -> str:
    names = {c.name.casefold(): c.name for c in known}
    part = [shown for folded, shown in names.items() if name.casefold() in folded]
    like = part or [names[one] for one in get_close_matches(name.casefold(), names, n=LIKE)]
    if like:
        return f"Did you mean: {', '.join(like[:LIKE])}?"
    return "list_companies tells those that are known; score_report reads a report of another."
