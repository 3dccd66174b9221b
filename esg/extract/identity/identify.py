"""The front of a report → whose report it is and which year it covers."""

from esg.domain import Identity
from esg.extract.identity.company import guess_company
from esg.extract.identity.front import About, Front
from esg.extract.identity.year import guess_year


def identify(front: Front, about: About) -> Identity:
    """Guess; "" and None where nothing points anywhere."""
    return Identity(
        company=about.company or guess_company(front),
        year=about.year or guess_year(front),
        company_guessed=True,
        year_guessed=True,
    )
