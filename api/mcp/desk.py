"""A call over MCP → who asks, whether it may and not too often, and the house as that caller sees it."""

import math
from dataclasses import dataclass
from typing import Any

from mcp.server.mcpserver import Context
from starlette.requests import Request

from api import traces
from api.caller import Caller, caller_of, demand
from api.deps import House
from api.problems import Problem
from api.rates import Rates
from api.traces import Trace
from esg.errors import Misconfigured
from esg.state import KeyScope

AnyContext = Context[Any, Any]
INVALID = "MCP_API_KEY is no key, or was revoked."
MAKE_ONE = "Set MCP_API_KEY to a key: esg keys create NAME --scope read --scope submit"


@dataclass(frozen=True, slots=True)
class Visit:
    """One call: the house as the caller sees it, and the trace that goes with what it starts."""

    house: House
    trace: Trace


class Desk:
    """Where every call comes by. `is_stdio`: the assistant runs on this machine, as its user."""

    def __init__(self, house: House, rates: Rates, *, is_stdio: bool = False) -> None:
        self.is_stdio = is_stdio
        self._house = house
        self._rates = rates
        self._key = house.settings.mcp_api_key.get_secret_value()

    def refuse_without_key(self) -> None:
        """Raise Misconfigured where an assistant on this machine needs a key, and has none that opens."""
        if not self._key and self._house.settings.api_require_key:
            raise Misconfigured("ESG_API_REQUIRE_KEY asks assistants for a key, too.", next_step=MAKE_ONE)
        if self._key and self._house.state.key_holder(self._key) is None:
            raise Misconfigured(INVALID, next_step=MAKE_ONE)

    def admit(self, context: AnyContext, *scopes: KeyScope) -> Visit:
        """Let a call in. Raises a Problem where its key lacks a scope, opens nothing, or calls too often."""
        request = context.request_context.request
        caller = self._caller(request)
        self._count(caller)
        for scope in scopes:
            demand(caller, scope)
        trace = traces.take("") if request is None else request.state.trace
        return Visit(self._house.seen_by(caller.tenant), trace)

    def _caller(self, request: Request | None) -> Caller:
        """Who asks: by the key that came along, else by MCP_API_KEY, else this machine's user."""
        caller = Caller() if request is None else caller_of(request)
        return self._holder() if self._key and not caller.key_id else caller

    def _count(self, caller: Caller) -> None:
        """Take a call from the key's quota of calls, which is beside that of its requests."""
        per_minute = self._house.settings.mcp_rate_limit
        if not per_minute or not caller.key_id:
            return
        taken = self._rates.take(f"mcp:{caller.key_id}", per_minute)
        if not taken.is_granted:
            self._house.metrics.limited.labels("mcp").inc()
            raise Problem(
                429,
                f"This key may call {per_minute:,} times a minute over MCP.",
                code="rate_limited",
                headers={"Retry-After": str(math.ceil(taken.wait_seconds))},
            )

    def _holder(self) -> Caller:
        """Asked each time: a key that is revoked opens nothing from then on."""
        key = self._house.state.key_holder(self._key)
        if key is None:
            raise Problem(401, INVALID, code="unauthorized", next_step=MAKE_ONE)
        return Caller.of(key)
