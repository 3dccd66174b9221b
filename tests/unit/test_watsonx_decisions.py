"""What the session decides by itself: how long to wait, what a status means, what a header says."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from esg.budget import Prices, estimate_tokens
from esg.embed.wordpiece import WordPieceTokenizer
from esg.errors import Misconfigured, Rejected
from esg.watsonx import Patience
from esg.watsonx.failures import of_status, retry_after
from esg.watsonx.outcomes import Again, TokenRefused

PATIENCE = Patience(attempts=3, seconds=10.0)


def response(status: int, code: str = "", **headers: str) -> httpx.Response:
    body = {"errors": [{"code": code, "message": "a secret sentence"}]}
    return httpx.Response(status, json=body, headers=headers)


@pytest.mark.parametrize(
    ("attempt", "asked", "passed", "wait"),
    [
        (1, None, 0.0, 0.25),
        (2, None, 0.0, 0.5),
        (3, None, 0.0, None),
        (1, 4.0, 0.0, 4.25),
        (1, 0.0, 0.0, 0.25),
        (1, 4.0, 6.0, None),
        (1, 60.0, 0.0, None),
    ],
)
def test_waiting(attempt: int, asked: float | None, passed: float, wait: float | None) -> None:
    assert PATIENCE.wait_seconds(attempt, asked=asked, passed=passed, jitter=lambda: 0.5) == wait


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "model_not_supported", Misconfigured),
        (400, "invalid_input_argument", Rejected),
        (401, "authentication_token_expired", TokenRefused),
        (403, "token_quota_reached", Misconfigured),
        (404, "model_not_supported", Misconfigured),
        (404, "project_not_found", Misconfigured),
        (408, "", Again),
        (413, "", Rejected),
        (429, "", Again),
        (500, "", Again),
        (520, "", Again),
    ],
)
def test_what_a_status_means(status: int, code: str, kind: type[Exception]) -> None:
    error = of_status(response(status, code), "ibm/slate")

    assert isinstance(error, kind)
    assert "secret" not in str(error)


def test_retry_after_is_seconds_or_a_date_or_nothing() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    assert retry_after(response(429, **{"Retry-After": "7"})) == 7
    assert 90 < (retry_after(response(429, **{"Retry-After": soon})) or 0) <= 100
    assert retry_after(response(429, **{"Retry-After": "soon"})) is None
    assert retry_after(response(429)) is None


def test_an_error_page_that_is_no_json_is_read_too() -> None:
    error = of_status(httpx.Response(502, text="<html>Bad gateway</html>"), "ibm/slate")

    assert isinstance(error, Again)


@pytest.mark.parametrize(
    "text", ["We cut Scope 1 by 42 %.", "Energie\t1 170 000\tMWh", "範疇一排放量", "a", ""]
)
def test_estimates_are_not_too_low(text: str) -> None:
    assert estimate_tokens(text) >= len(WordPieceTokenizer().encode(text)) - 2


def test_prices_are_of_a_million_tokens() -> None:
    assert Prices(read=0.1, written=0.25).micros(read=1_000_000, written=2_000_000) == 600_000
