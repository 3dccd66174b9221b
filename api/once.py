"""Idempotency-Key: what is asked for twice under one key is done once, and answered alike for a day.

After draft-ietf-httpapi-idempotency-key-header. What counts as the same is what is asked for, not how it was
written: a form that is sent again has another boundary.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from api.caller import caller_of
from api.deps import TheHouse
from api.problems import Problem
from esg.state import State

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="A name of your own for this request: sent again within 24 hours, it is answered as "
        "before and nothing is done twice; with another body it is refused.",
    ),
]
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Once:
    """A request of a caller, under a key or under none."""

    state: State
    caller: str = ""
    key: str | None = None

    def is_answered(self) -> bool:
        """Whether it needs no admission, since it makes no work."""
        if self.key is None:
            return False
        known = self.state.find_request(self.caller, self.key)
        return known is not None and known.answer is not None

    def answer(self, route: str, asked: Mapping[str, Any], act: Callable[[str], Answer]) -> Answer:
        """Do it unless it was done: `act` names what it makes after a seed, so that twice is once.

        Raises a Problem (422) where the key stood for something else, and whatever `act` raises.
        """
        if self.key is None:
            return act(uuid.uuid4().hex)
        fingerprint = hashlib.sha256(json.dumps([route, asked], sort_keys=True).encode()).hexdigest()
        known = self.state.begin_request(self.caller, self.key, fingerprint)
        if known.fingerprint != fingerprint:
            raise reused()
        if known.answer is not None:
            return known.answer
        return self.state.answer_request(self.caller, self.key, act(known.seed))


def reused() -> Problem:
    """The answer to a key that stood for something else."""
    return Problem(
        422,
        "This Idempotency-Key was sent before with another request.",
        code="idempotency_key_reused",
        next_step="Take a new key for a new request.",
    )


def name_of(seed: str, place: str | int) -> str:
    """Name one of several things that a request makes."""
    return hashlib.sha256(f"{seed}\n{place}".encode()).hexdigest()[:32]


def _once(request: Request, house: TheHouse, key: Key = None) -> Once:
    return Once(house.state, caller=caller_of(request).key_id, key=key)


TheOnce = Annotated[Once, Depends(_once)]
