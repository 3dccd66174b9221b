"""A report: manuscripts/<name>.md, what manuscripts/<name>.toml says of it, and its design."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from designs import DESIGNS, Design
from manuscript import read, resolve
from pages import Page

MANUSCRIPTS = Path(__file__).parent / "manuscripts"
ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


@dataclass(frozen=True)
class Book:
    """`about` says who reports (stem, company, year, title, ...) and what is true (levels, kpis, claims)."""

    text: str
    about: Mapping[str, Any]
    design: Design

    @cached_property
    def pages(self) -> Sequence[Page]:
        """The pages, every reference to a page resolved to its printed label."""
        printed = {p.key: n for p, n in zip(read(self.text), self.labels, strict=True)}
        return read(resolve(self.text, printed))

    @cached_property
    def labels(self) -> Sequence[str]:
        """What is printed on each page: roman numerals, then Arabic ones from `first_page`; "" for none."""
        found, roman, arabic = [], 0, self.about["first_page"] - 1
        for page in read(self.text):
            roman += page.numbering == "roman"
            arabic += page.numbering == "arabic"
            found.append({"": "", "roman": ROMAN[roman], "arabic": str(arabic)}[page.numbering])
        return found


def names() -> list[str]:
    """The names of the manuscripts."""
    return sorted(path.stem for path in MANUSCRIPTS.glob("*.toml"))


def open_book(name: str) -> Book:
    """The report of that name."""
    return Book(
        (MANUSCRIPTS / f"{name}.md").read_text(encoding="utf-8"),
        tomllib.loads((MANUSCRIPTS / f"{name}.toml").read_text(encoding="utf-8")),
        DESIGNS[name],
    )
