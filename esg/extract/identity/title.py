"""The front of a report → what it is called: by its metadata, or else by its cover."""

import re

from esg.extract.identity.front import Front
from esg.extract.identity.year import names_a_report

_OF_PROGRAMS = re.compile(
    r"^(?:microsoft \w+ - |untitled|\d+$)|\.(?:docx?|pdf|indd|pptx?|xlsx?|html?|qxp)$", re.I
)
_LONGEST = 150
_COVER_LINES = 15


def guess_title(front: Front) -> str:
    """Name the report, "" where nothing does; what a program calls its file is no title."""
    stated = " ".join(front.title.split())
    if stated and " " in stated and not _OF_PROGRAMS.search(stated):
        return stated
    lines = [" ".join(line.split()) for line in front.titles[:_COVER_LINES]]
    titles = [line for line in lines if names_a_report(line) and len(line) <= _LONGEST]
    return next(iter(titles), stated)
