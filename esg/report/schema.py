"""The JSON Schema of `esg.scorecard/1`, shipped in the package, and the check against it."""

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from esg.errors import Rejected
from esg.report.json import Json

PROBLEMS_SHOWN = 5


def schema() -> Json:
    """Return the JSON Schema (2020-12) of a scorecard, a fresh copy each time."""
    data: Json = json.loads((resources.files("esg.report") / "scorecard.schema.json").read_bytes())
    return data


def validate(data: Any) -> None:
    """Raise Rejected (`not_a_scorecard`) naming the first places where `data` breaks the contract."""
    problems = sorted(_validator().iter_errors(data), key=lambda error: list(map(str, error.absolute_path)))
    if problems:
        raise Rejected(
            f"This is not a scorecard of the form esg.scorecard/1: {_describe(problems)}.",
            code="not_a_scorecard",
            next_step="Score the report again, or check the file against esg/report/scorecard.schema.json.",
        )


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # takes up to a second, and few processes validate

    return Draft202012Validator(schema())


def _describe(problems: Iterable[Any]) -> str:
    shown = [f"{error.json_path}: {error.message[:200]}" for error in problems]
    more = f" (and {len(shown) - PROBLEMS_SHOWN} more)" if len(shown) > PROBLEMS_SHOWN else ""
    return "; ".join(shown[:PROBLEMS_SHOWN]) + more
