"""A rubric, and whose it is looked through for → the key that a run, its scorecard and company-years go by.

What is read from bytes is the same for everyone. A score is not: whose report it is, and of which year, is
what somebody says, and it decides figures and confidence. So each tenant has scores of its own, over pages,
chunks and vectors that are shared. The operator's key is the rubric's own, a tenant's is `TENANT:RUBRIC`
(docs/adr/tenants-share-work-not-sight.md).
"""

import re
from typing import Any, NamedTuple

import sqlalchemy as sa

_TENANTS = re.compile(r"([a-z0-9-]+):(.*)", re.ASCII | re.DOTALL)  # a rubric's key begins with its id, or "/"


class Parts(NamedTuple):
    rubric: str
    tenant: str | None


def lens(rubric: str, tenant: str | None) -> str:
    return rubric if tenant is None else f"{tenant}:{rubric}"


def parts(key: str) -> Parts:
    """Take a key apart again."""
    match = _TENANTS.fullmatch(key)
    return Parts(match[2], match[1]) if match else Parts(key, None)


def is_of(column: sa.ColumnElement[Any], tenant: str | None) -> sa.ColumnElement[bool]:
    """Whether a key is a tenant's, or for None the operator's own."""
    if tenant is not None:
        return column.startswith(f"{tenant}:", autoescape=True)
    return sa.or_(column.startswith("/"), sa.not_(column.contains(":")))
