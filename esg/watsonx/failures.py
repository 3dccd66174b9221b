"""What went wrong → what to do about it: ask again, renew the token, or tell whoever set a setting."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

import httpcore
import httpx
from ibm_watsonx_ai.wml_client_error import (
    ApiRequestFailure,
    InvalidCredentialsError,
    MissingFoundationModel,
    MissingWMLComponent,
    WMLClientError,
)

from esg.errors import EsgError, Misconfigured, Rejected
from esg.watsonx.outcomes import Again, InvalidAnswer, TokenRefused

AGAIN = frozenset({408, 425, 429})  # and all from 500 up
CHECK_URL = "Check IBM_WATSONX_URL and IBM_WATSONX_PROJECT_ID."


@contextmanager
def translated(model: str) -> Iterator[None]:
    """Turn what the SDK raises into `Again`, `TokenRefused` or an EsgError with a next step."""
    try:
        yield
    except (EsgError, Again):
        raise
    except ApiRequestFailure as error:
        raise of_status(cast("httpx.Response", error.response), model) from error
    except httpx.HTTPStatusError as error:
        raise of_status(error.response, model) from error
    except InvalidCredentialsError as error:
        raise Misconfigured(
            "IBM Cloud refuses the API key.",
            next_step="Set IBM_WATSONX_API_KEY to a key that is valid (https://cloud.ibm.com/iam/apikeys).",
        ) from error
    except (MissingFoundationModel, MissingWMLComponent) as error:
        raise Misconfigured("There is no watsonx.ai at IBM_WATSONX_URL.", next_step=CHECK_URL) from error
    except WMLClientError as error:
        raise InvalidAnswer(f"it answered what is no JSON ({type(error).__name__})") from error
    except (
        httpx.HTTPError,
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
    ) as error:
        raise of_connection(error) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # the SDK over an answer it trusts
        raise InvalidAnswer(f"it answered what the SDK cannot read ({type(error).__name__})") from error


def of_status(response: httpx.Response, model: str) -> Exception:
    """Say what a status means for whoever asked for `model`."""
    status, said = response.status_code, _said(response)
    if status == 401:
        return TokenRefused(said)
    if status == 429:
        return Again(f"it is busy ({said})", outcome="throttled", after_seconds=retry_after(response))
    if status in AGAIN or status >= 500:
        return Again(f"it failed ({status}, {said})", outcome="failed", after_seconds=retry_after(response))
    if status == 403:
        return Misconfigured(
            f"watsonx.ai forbids it ({said}).",
            next_step="Give the API key's owner access to the project, and see to the plan's quota.",
        )
    if "model" in said:
        return Misconfigured(
            f"watsonx.ai has no model {model} here ({said}).",
            next_step="Set another model, or the URL of a region that has it; `esg doctor` lists them.",
        )
    if status == 404:
        return Misconfigured(f"watsonx.ai does not find the project ({said}).", next_step=CHECK_URL)
    return Rejected(f"watsonx.ai refused a request to {model} ({status}, {said}).", code="watsonx_refused")


def of_connection(error: Exception) -> Exception:
    """Tell a certificate, which no waiting makes good, from all else that a network does."""
    certificate = _certificate_error(error)
    if certificate is not None:
        return Misconfigured(
            f"The certificate of watsonx.ai is not accepted: {certificate.verify_message}.",
            next_step="Set ESG_WATSONX_CA_BUNDLE to the certificates of your proxy's or server's authority, "
            "renew a certificate that has expired, and check IBM_WATSONX_URL and this machine's clock.",
        )
    is_timeout = isinstance(error, (httpx.TimeoutException, httpcore.TimeoutException))
    was_sent = not isinstance(error, (httpx.ConnectError, httpcore.ConnectError, httpcore.ConnectTimeout))
    return Again(
        "it did not answer in time" if is_timeout else f"the connection failed ({type(error).__name__})",
        outcome="timeout" if is_timeout else "failed",
        may_be_billed=was_sent,
    )


def retry_after(response: httpx.Response) -> float | None:
    """Read Retry-After, which is seconds or a date (RFC 9110 §10.2.3); None where it says nothing."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _said(response: httpx.Response) -> str:
    """Give the service's own code for an error, never its prose: that may quote the request."""
    try:
        code = response.json()["errors"][0]["code"]
    except (ValueError, LookupError, TypeError):
        return f"status {response.status_code}"
    return str(code)[:80]


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None
