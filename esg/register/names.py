"""A company's name → what it is compared by, whatever its case, accents, punctuation and legal form."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

_WHOLE_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_INITIALS = re.compile(r"\b(?:\w\.){1,}(?:\w\b)?")  # p.l.c., S.A., A.G
_AND = re.compile(r"[&+]")
_SILENT = re.compile(r"['’`´.]")  # within a word: L'Oréal, Sainsbury's, J.P
_SAME_FORM = {  # two spellings of one legal form; any other is its own
    "aktiengesellschaft": "ag",
    "co ltd": "ltd",
    "company limited": "ltd",
    "corporation": "corp",
    "incorporated": "inc",
    "kabushiki kaisha": "kk",
    "limited": "ltd",
    "public company limited": "pcl",
    "public limited company": "plc",
    "berhad": "bhd",
    "ab publ": "ab",
    "pty limited": "pty ltd",
}
_FORMS = (
    frozenset(
        """
    ag|se|kgaa|ag and co kgaa|se and co kgaa|gmbh and co kgaa|gmbh|gmbh and co kg|kg|eg|plc|ltd|llp|lp|llc|inc
    |corp|spa|sa|sa nv|sas|srl|sl|sca|sab de cv|nv|bv|asa|as|a s|ab|publ|oyj|oy|tbk|bhd|pty ltd|kk|pcl|jsc
    |pjsc
    """.replace("\n    ", "").split("|")
    )
    | _SAME_FORM.keys()
)
_LONGEST_FORM = max(len(form.split()) for form in _FORMS)
_LEADING = ("the", "pt")  # The Acme Company; PT Acme Tbk


class Name(NamedTuple):
    """A name in its parts, each normalised."""

    words: tuple[str, ...]
    forms: tuple[str, ...]  # its legal forms


def parts(name: str) -> Name:
    """Part a name into words and legal forms; a name of nothing else keeps them as its words."""
    words = _words(name)
    while len(words) > 1 and words[0] in _LEADING:
        words.pop(0)
    every, forms = tuple(words), list[str]()
    while form := _trailing_form(words):
        forms.insert(0, _SAME_FORM.get(form, form))
        del words[-len(form.split()) :]
    return Name(tuple(words), tuple(forms)) if words else Name(every, ())


def key(name: str) -> str:
    """Name with its legal form: "ACME Aktiengesellschaft" and "Acme A.G." are "acme ag"."""
    words, forms = parts(name)
    return " ".join((*words, *forms))


def bare(name: str) -> str:
    """Name without its legal form: "Société Générale S.A." is "societe generale"."""
    return " ".join(parts(name).words)


def slug(name: str) -> str:
    """Name a company in an address: "Société Générale S.A." → "societe-generale-s-a"."""
    return re.sub(r"[\W_]+", "-", _folded(name)).strip("-")[:200]


def _folded(name: str) -> str:
    """Letters without case, marks and other ways to write them (Unicode Standard 3.13, D146)."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def _words(name: str) -> list[str]:
    letters = _folded(name).translate(_WHOLE_LETTERS)
    joined = _INITIALS.sub(lambda initials: initials[0].replace(".", "") + " ", letters)
    return re.findall(r"\w+", _SILENT.sub("", _AND.sub(" and ", joined)).replace("_", " "))


def _trailing_form(words: Sequence[str]) -> str:
    """The longest legal form that words end with, "" for none."""
    for length in range(min(_LONGEST_FORM, len(words)), 0, -1):
        if (form := " ".join(words[-length:])) in _FORMS:
            return form
    return ""
