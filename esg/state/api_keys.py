"""API keys: who may ask for what; only a hash of the secret is kept (esg/tokens.py)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg import tokens
from esg.errors import Rejected
from esg.state.jobs import OPERATOR
from esg.state.schema import api_keys as table

USED_EVERY = timedelta(minutes=1)  # how exactly the last use is known: a write for every request is too many
TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


class Scope(StrEnum):
    """What a key may do; none implies another."""

    READ = "read"
    SUBMIT = "submit"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `tenant` None is the operator, who sees everything."""

    id: str
    name: str
    tenant: str | None
    scopes: frozenset[Scope]
    rate_per_minute: int | None
    created_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None


def check_tenant(tenant: str | None) -> None:
    """Raise Rejected for a name that no tenant can have."""
    if tenant is not None and (not TENANT.fullmatch(tenant) or tenant == OPERATOR):
        raise Rejected(
            f"A tenant cannot be called {tenant!r}.",
            code="bad_tenant",
            next_step=f"Use small letters, digits and hyphens, at most 40, and not {OPERATOR!r}.",
        )


def create(tx: Connection, key: ApiKey, sha256: str) -> None:
    """Write a new key down."""
    tx.execute(
        sa.insert(table).values(
            id=key.id,
            sha256=sha256,
            name=key.name,
            tenant=key.tenant,
            scopes=_written(key.scopes),
            rate_per_minute=key.rate_per_minute,
            created_at=key.created_at,
        )
    )


def find_all(tx: Connection) -> list[ApiKey]:
    """Every key, also those revoked, the newest first."""
    rows = tx.execute(sa.select(table).order_by(table.c.created_at.desc(), table.c.id))
    return [_key(row) for row in rows]


def holder(tx: Connection, text: str) -> ApiKey | None:
    """The key that a text is, None where it is none or was revoked."""
    row = tx.execute(sa.select(table).where(table.c.id == tokens.id_of(text))).one_or_none()
    if row is None or not tokens.is_of(text, row.sha256) or row.revoked_at is not None:
        return None
    return _key(row)


def is_use_due(key: ApiKey, *, now: datetime) -> bool:
    """Whether this use is to be written down."""
    return key.used_at is None or now - key.used_at >= USED_EVERY


def use(tx: Connection, key_id: str, *, now: datetime) -> None:
    """Write down that a key was used."""
    tx.execute(sa.update(table).where(table.c.id == key_id).values(used_at=now))


def revoke(tx: Connection, key_id: str, *, now: datetime) -> ApiKey | None:
    """Let a key open nothing from now on; one revoked before stays as it was. None where there is none."""
    tx.execute(
        sa.update(table).where(table.c.id == key_id, table.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    row = tx.execute(sa.select(table).where(table.c.id == key_id)).one_or_none()
    return _key(row) if row else None


def any_usable(tx: Connection) -> bool:
    """Whether there is a key that was not revoked."""
    return tx.execute(sa.select(table.c.id).where(table.c.revoked_at.is_(None)).limit(1)).first() is not None


def _written(scopes: Iterable[Scope]) -> str:
    return " ".join(scope for scope in Scope if scope in set(scopes))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        row.tenant,
        frozenset(map(Scope, row.scopes.split())),
        row.rate_per_minute,
        row.created_at,
        row.revoked_at,
        row.used_at,
    )
