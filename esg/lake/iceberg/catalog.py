"""A place → its catalog: behind REST, or in a database; what goes wrong there → our errors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from pyiceberg import exceptions
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.catalog.sql import SqlCatalog
from requests.adapters import HTTPAdapter
from sqlalchemy.exc import SQLAlchemyError

from esg.errors import EsgError, Misconfigured, NotFound, Transient, Unavailable
from esg.lake.iceberg.files import AUTHORITY, TableFiles
from esg.objects.base import CERTIFICATE_REFUSED

_SECONDS = (
    3.05,
    30.0,
)  # to connect, and of silence; without them a catalog that hangs holds a worker for ever
_S3 = {"s3.connect-timeout": "2", "s3.request-timeout": "5"}
_REFUSALS = (
    exceptions.UnauthorizedError,
    exceptions.ForbiddenError,
    exceptions.AuthorizationExpiredError,
    exceptions.OAuthError,
)
_AGAIN = (
    exceptions.CommitFailedException,
    exceptions.CommitStateUnknownException,
    exceptions.ValidationException,
    exceptions.ServerError,
    exceptions.ServiceUnavailableError,
    exceptions.TooManyRequestsError,
)
_AUTHORITY_STEP = "Set ESG_ICEBERG_CA to the PEM file of whom its certificate is from."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tables are: a catalog, a warehouse in it, a namespace; "" leaves a part to the catalog."""

    uri: str
    warehouse: str = ""
    namespace: str = "esg"
    credential: str = ""
    oauth_url: str = ""
    token: str = ""
    s3_endpoint: str = ""
    authority: str = ""  # PEM file of whom the certificates of catalog and store are from


class _Patient(HTTPAdapter):
    def __init__(self, authority: str) -> None:
        super().__init__()
        self._authority = authority

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send with limits of time, which pyiceberg leaves out; ours goes before REQUESTS_CA_BUNDLE."""
        options["timeout"] = options.get("timeout") or _SECONDS
        options["verify"] = self._authority or options.get("verify", True)
        return super().send(request, *args, **options)


class _PatientCatalog(RestCatalog):
    def _config_headers(self, session: requests.Session) -> None:
        """Take a new session in hand before anything is sent: pyiceberg asks for a token next."""
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Patient(self.properties.get(AUTHORITY, "")))
        super()._config_headers(session)


def open_catalog(place: Place) -> Catalog:
    """Ask the catalog for its settings and be let in; raises Misconfigured or Unavailable."""
    told = {
        "uri": place.uri,
        "warehouse": place.warehouse,
        "credential": place.credential,
        "oauth2-server-uri": place.oauth_url or f"{place.uri.rstrip('/')}/v1/oauth/tokens",
        "token": place.token,
        "s3.endpoint": place.s3_endpoint,
        "s3.region": os.environ.get("AWS_REGION", "us-east-1" if place.s3_endpoint else ""),
        "s3.access-key-id": os.environ.get("AWS_ACCESS_KEY_ID", ""),
        "s3.secret-access-key": os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        "s3.session-token": os.environ.get("AWS_SESSION_TOKEN", ""),
        "py-io-impl": f"{TableFiles.__module__}.{TableFiles.__qualname__}",
        AUTHORITY: place.authority,
        **_S3,
    }
    with translated(place):
        kind = _PatientCatalog if place.uri.startswith(("http://", "https://")) else SqlCatalog
        return kind("gold", **{name: value for name, value in told.items() if value})


@contextmanager
def translated(place: Place) -> Iterator[None]:
    """Turn what pyiceberg, HTTP and the store raise into what a caller can act on."""
    try:
        yield
    except EsgError:
        raise
    except (exceptions.RESTError, requests.RequestException, SQLAlchemyError, OSError, *_AGAIN) as error:
        raise _understood(place, error) from error
    except (exceptions.NoSuchTableError, exceptions.NoSuchNamespaceError) as error:
        raise NotFound(
            f"There is no gold in {place.namespace} of {place.uri} yet: {_said(error)}.",
            next_step="Have it written with `celery -A esg call etl.gold`, or check ESG_ICEBERG_WAREHOUSE "
            "and ESG_ICEBERG_NAMESPACE.",
        ) from error


def _understood(place: Place, error: Exception) -> EsgError:
    where = f"The Iceberg catalog {place.uri}"
    if isinstance(error, _REFUSALS):
        return Misconfigured(
            f"{where} refuses: {_said(error)}.",
            next_step="Check ESG_ICEBERG_CREDENTIAL (or ESG_ICEBERG_TOKEN) and its rights.",
        )
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable(f"{where} does not prove its name: {_said(error)}.", next_step=_AUTHORITY_STEP)
    if isinstance(error, requests.RequestException | SQLAlchemyError):
        return Unavailable(
            f"{where} does not answer: {_said(error)}.",
            next_step="Check that it runs and that ESG_ICEBERG_URI leads to it.",
        )
    if isinstance(error, _AGAIN):
        return Transient(f"{where} did not take it: {_said(error)}.")
    if isinstance(error, exceptions.RESTError):
        return Misconfigured(
            f"{where} cannot do that: {_said(error)}.",
            next_step="Check ESG_ICEBERG_URI and ESG_ICEBERG_WAREHOUSE.",
        )
    return _of_store(error)


def _of_store(error: Exception) -> EsgError:
    if CERTIFICATE_REFUSED in str(error):
        return Unavailable(
            f"The store of the tables does not prove its name: {error}.", next_step=_AUTHORITY_STEP
        )
    if "NETWORK_CONNECTION" in str(error):
        return Unavailable(
            f"The store of the tables does not answer: {error}.",
            next_step="Check that it runs, and ESG_ICEBERG_S3_ENDPOINT.",
        )
    return Misconfigured(
        f"The tables may not be read or written: {error}.",
        next_step="Check ESG_ICEBERG_S3_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    )


def _said(error: Exception) -> str:
    """The first line of what was said, without its full stop."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300].rstrip(".")
