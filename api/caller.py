"""A request → who asks: the holder of an API key, or on this machine alone someone without one."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from api.problems import Problem
from esg.hosts import is_loopback
from esg.state import ApiKey, KeyScope

CHALLENGE = 'Bearer realm="esg", Basic realm="esg", charset="UTF-8"'
FORWARDED = ("x-forwarded-for", "x-forwarded-host", "forwarded")  # a proxy speaks for someone else


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what for. `tenant` None sees everything; `key_id` is "" without a key."""

    tenant: str | None = None
    scopes: frozenset[KeyScope] = frozenset(KeyScope)
    key_id: str = ""
    rate_per_minute: int | None = None

    @classmethod
    def of(cls, key: ApiKey) -> "Caller":
        return cls(key.tenant, key.scopes, key.id, key.rate_per_minute)


def caller_of(request: Request) -> Caller:
    """Who asks, as the gate has found out."""
    caller: Caller = request.state.caller
    return caller


def demand(caller: Caller, scope: KeyScope) -> Caller:
    """Raise a Problem unless the caller may do what `scope` stands for."""
    if scope not in caller.scopes:
        raise lacking(scope)
    return caller


def lacking(scope: KeyScope) -> Problem:
    """The answer to a key that may not do this."""
    return Problem(
        403,
        f"This key may not do that: it lacks the scope {scope.value!r}.",
        code="missing_scope",
        next_step=f"Ask with a key that has it: esg keys create NAME --scope {scope.value}",
        headers={"WWW-Authenticate": f'Bearer realm="esg", error="insufficient_scope", scope="{scope}"'},
        scope=scope.value,
    )


def demand_operator(caller: Caller) -> Caller:
    """Raise a Problem unless the caller runs this engine: what is asked tells of all tenants."""
    demand(caller, KeyScope.ADMIN)
    if caller.tenant is not None:
        raise Problem(403, "This is for keys without a tenant.", code="not_operator")
    return caller


def unauthorized(detail: str, *, error: str = "") -> Problem:
    """The answer to whoever needs a key, and has none or one that opens nothing."""
    challenge = CHALLENGE.replace("Bearer ", f'Bearer error="{error}", ') if error else CHALLENGE
    return Problem(
        401,
        detail,
        code="unauthorized",
        next_step="Send a key as `Authorization: Bearer KEY` or `X-API-Key: KEY`.",
        headers={"WWW-Authenticate": challenge},
    )


def credential(headers: Headers) -> str | None:
    """The key that a request carries; None where it carries none at all, "" where it cannot be read.

    A browser sends it as the password of HTTP Basic, so that pages need no page to log in at.
    """
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        return _password(value.strip())
    return "" if scheme else headers.get("x-api-key")


def is_local(scope: Scope, headers: Headers) -> bool:
    """Whether a request comes from this machine, to this machine by its own name, and for nobody else."""
    peer = (scope.get("client") or ("",))[0]
    return (
        is_loopback(f"[{peer}]" if ":" in peer else peer)
        and is_loopback(headers.get("host", ""))
        and not _any(headers, FORWARDED)
    )


def _any(headers: Headers, names: Iterable[str]) -> bool:
    return any(name in headers for name in names)


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
