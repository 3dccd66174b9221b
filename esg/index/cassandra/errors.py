"""What a failure of Cassandra or its driver means to the caller."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from cassandra import (
    AuthenticationFailed,
    DriverException,
    InvalidRequest,
    RequestValidationException,
    Unauthorized,
    UnresolvableContactPoints,
)
from cassandra.cluster import NoHostAvailable
from cassandra.connection import ConnectionBusy, ConnectionException, ProtocolVersionUnsupported
from cassandra.pool import NoConnectionsAvailable

from esg.errors import EsgError, Misconfigured, Transient

_MISSING = re.compile("does not exist|unconfigured table", re.IGNORECASE)
_PASSING = (DriverException, NoHostAvailable, ConnectionException, ConnectionBusy, NoConnectionsAvailable)


@contextmanager
def translated() -> Iterator[None]:
    """Raise Transient or Misconfigured for what the driver raises; a statement that is wrong stays a bug."""
    try:
        yield
    except (*_PASSING, OSError) as error:
        meant = _translate(error)
        if meant is None:
            raise
        raise meant from error


def _translate(error: Exception) -> EsgError | None:
    causes = _causes(error)
    for kind, told in _WRONG_SETTINGS.items():
        if found := next((cause for cause in causes if isinstance(cause, kind)), None):
            message, next_step = told
            return Misconfigured(f"{message}: {_words(found)}.", next_step=next_step)
    if isinstance(error, InvalidRequest) and _MISSING.search(str(error)):
        return Misconfigured(f"Cassandra misses what esg made: {_words(error)}.", next_step=_REFILL)
    if isinstance(error, RequestValidationException):
        return None
    return Transient(f"Cassandra did not answer: {'; '.join(map(_words, causes))}.", next_step=_CHECK)


def _causes(error: Exception) -> list[Exception]:
    """The errors of the hosts that were tried, or the error itself."""
    hosts = getattr(error, "errors", None) if isinstance(error, NoHostAvailable) else None
    found = (
        [cause for cause in hosts.values() if isinstance(cause, Exception)] if isinstance(hosts, dict) else []
    )
    return found or [error]


def _words(error: Exception) -> str:
    """What it says, in a line and without the code of the protocol."""
    said = str(error.args[0]) if isinstance(error, NoHostAvailable) else str(error)
    quoted = re.search(r'message="([^"]*)"', said)
    return " ".join((quoted[1] if quoted else said or type(error).__name__).split()).rstrip(".")


_CHECK = "Check that it runs, and ESG_CASSANDRA_HOSTS and ESG_CASSANDRA_PORT."
_REFILL = "Start the workers again, which makes the tables, and fill them: esg index"
_WRONG_SETTINGS = {
    AuthenticationFailed: (
        "Cassandra refuses the login",
        "Check ESG_CASSANDRA_USER and ESG_CASSANDRA_PASSWORD, or ASTRA_DB_APPLICATION_TOKEN.",
    ),
    ssl.SSLError: (
        "The certificate of Cassandra's servers is refused",
        "Set ESG_CASSANDRA_CA to the PEM file of whom they are from, and see that they have not expired.",
    ),
    Unauthorized: (
        "Cassandra refuses the right",
        "Grant the user CREATE, ALTER, SELECT and MODIFY on the keyspace.",
    ),
    UnresolvableContactPoints: (
        "No host of ESG_CASSANDRA_HOSTS has an address",
        "Check the names; several are parted by commas.",
    ),
    ProtocolVersionUnsupported: (
        "This Cassandra is older than vectors are",
        "Use Cassandra 5, or Astra.",
    ),
}
