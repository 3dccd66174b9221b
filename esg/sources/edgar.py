"""SEC EDGAR's submissions API → filings: https://www.sec.gov/search-filings/edgar-application-programming-interfaces.

Whoever asks must say who it is (User-Agent with an address) and stay at ten requests a second or less.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from esg.errors import Misconfigured, Rejected
from esg.sources.source import Item, Source

FORMS = ("10-K", "20-F", "40-F", "DEF 14A")  # where none are chosen
SECONDS_BETWEEN = 0.11  # under ten a second, for the whole fleet
HOST = "sec.gov"  # data.sec.gov and www.sec.gov count together
_CIK = re.compile(r"(?:CIK)?0*(\d{1,10})", re.IGNORECASE)
_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_FILE = re.compile(r"[\w.-]+")


class Submissions(NamedTuple):
    """A page of a company's filings, and the names of the pages with its older ones."""

    items: tuple[Item, ...]
    older: tuple[str, ...]


def cik(text: str) -> int:
    """Read a company's number; raises Rejected."""
    if not (found := _CIK.fullmatch(text.strip())):
        raise Rejected(
            f"{text!r} is no CIK.", code="bad_source", next_step="Give EDGAR's number of the company."
        )
    return int(found[1])


def check_user_agent(user_agent: str) -> str:
    """Raises Misconfigured unless EDGAR would be told whom to write to."""
    if "@" not in user_agent:
        raise Misconfigured(
            "EDGAR wants to know who asks: ESG_EDGAR_USER_AGENT has no address in it.",
            next_step='Set it as in ESG_EDGAR_USER_AGENT="Acme Research jane@acme.example".',
        )
    return user_agent


def read(data: bytes, source: Source, *, archives_url: str, company: str = "") -> Submissions:
    """Read the first page of a company's submissions, or one of its older ones (which do not name it).

    A filing is its primary document, and never changes: its version is its accession number.
    """
    try:
        told = json.loads(data)
        rows = told["filings"]["recent"] if "filings" in told else told
        older = told["filings"].get("files", []) if "filings" in told else []
        name = str(told.get("name", company))
        items = tuple(_items(rows, source, name, archives_url))
        return Submissions(items, tuple(_older(older, source)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Rejected(
            f"EDGAR's answer about {source.location} cannot be read ({type(error).__name__}: {error}).",
            code="bad_listing",
        ) from error


def _items(rows: Mapping[str, Any], source: Source, name: str, archives_url: str) -> Iterator[Item]:
    forms, since = source.texts("forms") or FORMS, str(source.options.get("since", ""))
    columns = (rows[key] for key in ("form", "accessionNumber", "primaryDocument", "filingDate"))
    for form, accession, document, filed in zip(*columns, strict=True):
        is_named = _ACCESSION.fullmatch(accession) and _FILE.fullmatch(document)
        if form in forms and filed >= since and is_named and document.strip("."):
            folder = f"{cik(source.location)}/{accession.replace('-', '')}"
            yield Item(f"{archives_url}/Archives/edgar/data/{folder}/{document}", name, version=accession)


def _older(files: list[Mapping[str, str]], source: Source) -> Iterator[str]:
    """Pages are only asked for as far back as someone said; the first has a year or a thousand filings."""
    since = str(source.options.get("since", ""))
    if since:
        yield from (f["name"] for f in files if f["filingTo"] >= since and _FILE.fullmatch(f["name"]))
