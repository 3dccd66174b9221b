"""A folder of scorecards as JSON ↔ the documents they are of."""

import json
from pathlib import Path, PurePath
from typing import Any

from esg.domain import Scorecard
from esg.errors import NotFound, Rejected
from esg.report import from_dict, validate


def files(folder: Path) -> list[Path]:
    """Every scorecard (`*.json`) below `folder`, in order; raise NotFound when there is none."""
    found = sorted(folder.rglob("*.json"))
    if not found:
        raise NotFound(
            f"There is no scorecard (*.json) in {folder}.", next_step="Write some: esg score … --out."
        )
    return found


def read_card(file: Path) -> dict[str, Any]:
    """Read one as its JSON; raise Rejected for what is no scorecard."""
    try:
        card: dict[str, Any] = json.loads(file.read_bytes())
    except ValueError as error:
        raise Rejected("This is not JSON.", code="not_a_scorecard") from error
    validate(card)
    return card


def scorecards_of_files(folder: Path) -> dict[str, Scorecard]:
    """Read all, by the file name of their document; those of a company's year, which have several, are left.

    Raises NotFound for a folder without any, and Rejected for what is no scorecard or for a second one of
    the same file, since nobody could tell which is meant.
    """
    found: dict[str, Scorecard] = {}
    for file in files(folder):
        try:
            card = from_dict(read_card(file))
        except Rejected as error:
            raise Rejected(f"{file}: {error.message}", code=error.code, next_step=error.next_step) from error
        if card.documents:
            continue
        name = PurePath(card.document.source).name
        if name in found:
            raise Rejected(
                f"{file} is a second scorecard of {name}.",
                code="not_a_scorecard",
                next_step="Leave one of them in the folder.",
            )
        found[name] = card
    return found
