"""Hold an answer to what was asked: the SDK passes on whatever came."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from esg.watsonx.outcomes import InvalidAnswer

SHORTEST, LONGEST = 1e-3, 1e3  # norms of vectors that a model may well give; most give 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said: JSON that keeps to the schema it was asked with."""

    content: Mapping[str, Any]
    model: str
    prompt_tokens: int
    completion_tokens: int


def vectors(answer: Any, *, count: int, dimensions: int) -> NDArray[np.float64]:
    """Read `count` finite rows of `dimensions` numbers, none of no length; raises InvalidAnswer."""
    try:
        found = [result["embedding"] for result in answer["results"]]
        rows = np.array(found)
    except (LookupError, TypeError, ValueError) as error:
        raise InvalidAnswer("it answered without vectors, or with some of different lengths") from error
    if rows.ndim != 2 or len(rows) != count or rows.dtype.kind not in "fi":
        raise InvalidAnswer(f"it answered {len(rows)} vectors of {rows.dtype}, not {count} of numbers")
    if rows.shape[1] != dimensions:
        raise InvalidAnswer(
            f"it answered vectors of {rows.shape[1]} dimensions, not {dimensions}",
            next_step="Set ESG_WATSONX_EMBEDDING_DIMENSIONS to what the model gives.",
        )
    rows = rows.astype(np.float64)
    if not np.isfinite(rows).all():
        raise InvalidAnswer("it answered vectors that are not finite")
    lengths = np.linalg.norm(rows, axis=1)
    if ((lengths < SHORTEST) | (lengths > LONGEST)).any():
        raise InvalidAnswer("it answered vectors of no usable length")
    return rows


def answer(said: Any, *, model: str, schema: Mapping[str, Any]) -> Answer:
    """Read the one choice of a chat; raises InvalidAnswer unless its JSON keeps to the schema."""
    try:
        (choice,) = said["choices"]
        text, reason = choice["message"]["content"], choice["finish_reason"]
        usage = said["usage"]
        tokens = (_tokens(usage["prompt_tokens"]), _tokens(usage["completion_tokens"]))
        content = json.loads(text, parse_constant=_refuse_constant)
    except (LookupError, TypeError, ValueError) as error:
        raise InvalidAnswer("it answered a chat without one choice of JSON") from error
    if reason != "stop":
        raise InvalidAnswer(f"it broke off its answer ({str(reason)[:20]})")
    if not isinstance(content, dict) or not _keeps_to(schema, content):
        raise InvalidAnswer("it answered JSON of another schema")
    return Answer(content, model, *tokens)


def _keeps_to(schema: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    from jsonschema import Draft202012Validator  # takes up to a second: only who asks a model pays

    return Draft202012Validator(schema).is_valid(content)


def scores(answer: Any, *, count: int) -> list[float]:
    """Read one finite score for each of `count` texts, in their order; raises InvalidAnswer."""
    try:
        found = {int(result["index"]): float(result["score"]) for result in answer["results"]}
    except (LookupError, TypeError, ValueError) as error:
        raise InvalidAnswer("it answered without scores") from error
    if sorted(found) != list(range(count)) or not all(map(math.isfinite, found.values())):
        raise InvalidAnswer(f"it answered scores that are not one finite number for each of {count} texts")
    return [found[i] for i in range(count)]


def input_tokens(answer: Any) -> int:
    """Read how many tokens the service counted; raises InvalidAnswer."""
    try:
        return _tokens(answer["input_token_count"])
    except (LookupError, TypeError, ValueError) as error:
        raise InvalidAnswer("it answered without a count of tokens") from error


def _tokens(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("not a number of tokens")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
