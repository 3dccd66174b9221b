"""What a failure of Cassandra or its driver means to the caller."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

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

from esg.errors import EsgError, Misconfigured, Unavailable

_PASSING = (
    *(DriverException, NoHostAvailable, ConnectionException, ConnectionBusy, NoConnectionsAvailable),
    OSError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise Unavailable or Misconfigured for what the driver raises; a wrong statement stays a bug."""
    try:
        yield
    except _PASSING as error:
        meant = _translate(error)
        if meant is None:
            raise
        raise meant from error


def _translate(error: Exception) -> EsgError | None:
    causes = _causes(error)
    for setting in _SETTINGS:
        if found := next((cause for cause in causes if setting.is_cause(cause)), None):
            return Misconfigured(f"{setting.message}: {_words(found)}.", next_step=setting.next_step)
    if isinstance(error, RequestValidationException):
        return None
    return Unavailable(
        f"Cassandra did not answer: {'; '.join(map(_words, causes))}.",
        next_step="Check that it runs, and ESG_CASSANDRA_HOSTS and ESG_CASSANDRA_PORT.",
    )


def _causes(error: Exception) -> list[Exception]:
    """The errors of the hosts that were tried, or the error itself."""
    hosts = error.errors if isinstance(error, NoHostAvailable) else None
    found = hosts.values() if isinstance(hosts, dict) else ()
    return [cause for cause in found if isinstance(cause, Exception)] or [error]


def _words(error: Exception) -> str:
    """What it says, in a line and without the code of the protocol."""
    said = str(error.args[0]) if isinstance(error, NoHostAvailable) else str(error)
    quoted = re.search(r'message="([^"]*)"', said)
    return " ".join((quoted[1] if quoted else said or type(error).__name__).split()).rstrip(".")


class _Setting(NamedTuple):
    """A setting that is wrong, known by the kind of an error and what it says."""

    kind: type[Exception]
    said: str
    message: str
    next_step: str

    def is_cause(self, error: Exception) -> bool:
        return isinstance(error, self.kind) and re.search(self.said, str(error)) is not None


_SETTINGS = (
    _Setting(
        AuthenticationFailed,
        "",
        "Cassandra refuses the login",
        "Check ESG_CASSANDRA_USER and ESG_CASSANDRA_PASSWORD, or ASTRA_DB_APPLICATION_TOKEN.",
    ),
    _Setting(
        OSError,  # the driver makes another error of the same number of it
        r"\[SSL|CERTIFICATE",
        "The certificate of Cassandra's servers is refused",
        "Set ESG_CASSANDRA_CA to the PEM file of whom they are from, and see that they have not expired.",
    ),
    _Setting(
        Unauthorized,
        "",
        "Cassandra refuses the right",
        "Grant the user CREATE, ALTER, SELECT and MODIFY on the keyspace.",
    ),
    _Setting(
        UnresolvableContactPoints,
        "",
        "No host of ESG_CASSANDRA_HOSTS has an address",
        "Check the names; several are parted by commas.",
    ),
    _Setting(
        ProtocolVersionUnsupported,
        "",
        "This Cassandra is older than vectors are",
        "Use Cassandra 5, or Astra.",
    ),
    _Setting(
        InvalidRequest,
        "does not exist|unconfigured table",
        "Cassandra misses a table that esg made",
        "Start the workers again, which makes it, and fill it from the lake: esg index",
    ),
)
