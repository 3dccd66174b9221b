"""names, LEIs and domains → companies: a register of whose reports are read, and what is matched to it."""

from esg.register.company import RegisteredCompany
from esg.register.lei import find_lei, is_lei
from esg.register.match import Book, How, Match
from esg.register.names import bare, key, slug
from esg.register.sheet import Line, Problem, clashes, read

__all__ = [
    "Book",
    "How",
    "Line",
    "Match",
    "Problem",
    "RegisteredCompany",
    "bare",
    "clashes",
    "find_lei",
    "is_lei",
    "key",
    "read",
    "slug",
]
