"""What schemathesis must know of this API beyond its description (SCHEMATHESIS_HOOKS)."""

from itertools import count
from typing import Any

import schemathesis

_numbers = count()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Give each request a key of its own: one that is used again for something else is refused."""
    headers = case.headers or {}
    if "Idempotency-Key" in headers and not case.meta.generation.mode.is_negative:
        headers["Idempotency-Key"] = f"key-{next(_numbers)}"
