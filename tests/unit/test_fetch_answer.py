import socket
import ssl
from datetime import UTC, datetime

import httpcore
import httpx
import pytest

from esg.errors import EsgError, Rejected, Transient
from esg.fetch.answer import check_status, redirect_target, retry_seconds
from esg.fetch.encoding import inflate
from esg.fetch.failures import translated

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def answer(status: int, **headers: str) -> httpcore.Response:
    return httpcore.Response(
        status, headers=[(name.replace("_", "-"), text) for name, text in headers.items()]
    )


@pytest.mark.parametrize("status", [200, 301, 302, 303, 307, 308])
def test_success_and_redirection_go_on(status: int) -> None:
    check_status(answer(status), "u")


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "forbidden"), (403, "forbidden"), (404, "not_found"), (410, "not_found"), (451, "forbidden")],
)
def test_a_final_answer_rejects_with_its_own_code(status: int, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        check_status(answer(status), "u")

    assert refusal.value.code == code


@pytest.mark.parametrize("status", [204, 206, 304, 400, 405, 418])
def test_any_other_answer_is_no_document(status: int) -> None:
    with pytest.raises(Rejected) as refusal:
        check_status(answer(status), "u")

    assert refusal.value.code == "http_error"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_or_broken_server_is_tried_later(status: int) -> None:
    with pytest.raises(Transient) as failure:
        check_status(answer(status, Retry_After="7"), "u")

    assert failure.value.retry_after_seconds == 7


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("999999999", 3600.0),
        ("soon", None),
        ("-3", None),
        ("", None),
        ("Sun, 01 Mar 2026 12:01:30", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_seconds(value, now=NOW) == seconds


def test_a_redirection_says_where_to() -> None:
    assert redirect_target(answer(302, Location="/b")) == "/b"
    assert redirect_target(answer(200)) is None
    with pytest.raises(Rejected):
        redirect_target(answer(301))


# -- what the network did ---------------------------------------------------------------------------------


def failing(error: Exception, cause: Exception | None = None) -> EsgError:
    with pytest.raises(EsgError) as failure, translated(httpx.URL("https://reports.example/a")):
        raise error from cause
    return failure.value


@pytest.mark.parametrize(
    "error",
    [
        httpcore.ConnectError("refused"),
        httpcore.ConnectTimeout("slow"),
        httpcore.ReadTimeout("slow"),
        httpcore.ReadError("reset"),
        httpcore.RemoteProtocolError("closed in the middle"),
        socket.gaierror(socket.EAI_AGAIN, "try again"),
        ConnectionResetError("reset"),
    ],
)
def test_network_failures_are_transient(error: Exception) -> None:
    assert isinstance(failing(error), Transient)


def test_a_host_that_does_not_exist_is_rejected() -> None:
    refusal = failing(socket.gaierror(socket.EAI_NONAME, "unknown"))

    assert isinstance(refusal, Rejected)
    assert refusal.code == "unknown_host"


def test_a_certificate_that_proves_nothing_is_rejected() -> None:
    refusal = failing(httpcore.ConnectError("tls"), ssl.SSLCertVerificationError("bad"))

    assert isinstance(refusal, Rejected)
    assert refusal.code == "untrusted_certificate"


def test_errors_of_our_own_pass_unchanged() -> None:
    own = Rejected("no", code="refused_address")

    assert failing(own) is own


# -- compressed bodies ------------------------------------------------------------------------------------


def test_a_body_as_it_is_stays_as_it_is() -> None:
    assert inflate(b"body", "", "u", 10) == inflate(b"body", " Identity ", "u", 10) == b"body"


def test_a_compressed_body_is_inflated_up_to_the_cap() -> None:
    import gzip

    assert inflate(gzip.compress(b"body"), "gzip", "u", 4) == b"body"
    with pytest.raises(Rejected) as refusal:
        inflate(gzip.compress(bytes(10**6)), "gzip", "u", 1000)
    assert refusal.value.code == "too_big"


def test_half_a_compressed_body_is_not_taken_for_the_whole() -> None:
    import gzip

    whole = gzip.compress(b"body" * 1000)
    with pytest.raises(Transient):
        inflate(whole[: len(whole) // 2], "gzip", "u", 10_000)


@pytest.mark.parametrize(("body", "encoding"), [(b"body", "gzip"), (b"body", "br")])
def test_a_body_that_cannot_be_inflated_is_rejected(body: bytes, encoding: str) -> None:
    with pytest.raises(Rejected) as refusal:
        inflate(body, encoding, "u", 1000)

    assert refusal.value.code == "http_error"
