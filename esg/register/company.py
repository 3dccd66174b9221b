"""A company of the register."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegisteredCompany:
    """What is known of a company; "" where it is not. `slug` is its address and never changes."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()  # what else reports call it
    sector: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    lei: str = ""  # ISO 17442
    fiscal_year_end: str = ""  # MM-DD
    domain: str = ""  # of its website, "acme.example"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)
