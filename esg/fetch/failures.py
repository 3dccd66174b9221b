"""What the network did → `Transient` or `Rejected`, in words a person understands."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpcore

from esg.errors import EsgError, Rejected, Transient

if TYPE_CHECKING:
    import httpx


@contextmanager
def translated(place: "httpx.URL") -> Iterator[None]:
    """Translate the HTTP client's errors."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise Transient(
            f"{place} did not answer in time ({error}).", next_step="It is tried again later."
        ) from error
    except (httpcore.LocalProtocolError, UnicodeError) as error:
        raise Rejected(
            f"{place} cannot be asked for: {error}.", code="unsupported_url", next_step="Check the address."
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise _failure(place, error) from error


def _failure(place: "httpx.URL", error: Exception) -> EsgError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Rejected(
                f"{place.host} does not prove that it is {place.host} ({cause}).",
                code="untrusted_certificate",
                next_step="Check the address; an own certificate authority goes into SSL_CERT_FILE.",
            )
        if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME:
            return Rejected(
                f"There is no host {place.host}.", code="unknown_host", next_step="Check the address."
            )
    return Transient(f"{place} could not be read: {error}.", next_step="It is tried again later.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
