"""When a request is sent again: only if it may be done twice, and at the consistency it was asked for."""

from typing import Any

from cassandra import WriteType
from cassandra.policies import RetryPolicy

MOST_RETRIES = 2

Decision = tuple[int, None]  # what to do; None keeps the consistency


class IdempotentRetries(RetryPolicy):  # type: ignore[misc]  # the driver has no types
    """Repeat what failed: at once where replicas were late, on another node where the node itself failed.

    A compare-and-set is never repeated: its outcome is open, and only who reads again can tell.
    """

    def on_read_timeout(self, query: Any, *, retry_num: int, **_: Any) -> Decision:
        del query
        return _again(self.RETRY, retry_num)

    def on_write_timeout(self, query: Any, *, write_type: int, retry_num: int, **_: Any) -> Decision:
        if write_type == WriteType.CAS or not query.is_idempotent:
            return self.RETHROW, None
        return _again(self.RETRY, retry_num)

    def on_unavailable(self, query: Any, *, retry_num: int, **_: Any) -> Decision:
        del query  # was not begun
        return _again(self.RETRY_NEXT_HOST, retry_num)

    def on_request_error(self, query: Any, consistency: int, error: Any, retry_num: int) -> Decision:
        del consistency, error
        if query is not None and not query.is_idempotent:
            return self.RETHROW, None
        return _again(self.RETRY_NEXT_HOST, retry_num)


def _again(how: int, retry_num: int) -> Decision:
    return (how if retry_num < MOST_RETRIES else RetryPolicy.RETHROW), None
