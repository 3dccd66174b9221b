"""Where a keyspace is and who may enter it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Astra:
    """A cloud database: the bundle says where it is and proves who it is, the token who we are."""

    bundle: Path
    token: str = field(repr=False)
    database: str = ""  # its id, "" to take that of the bundle
    region: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A cluster and a keyspace; with `astra`, the hosts and what belongs to them are not looked at."""

    keyspace: str
    hosts: tuple[str, ...] = ()
    port: int = 9042
    user: str = ""
    password: str = field(default="", repr=False)
    authority: Path | None = None  # certificate that the servers' own must lead to; None is without TLS
    datacentre: str = ""  # the near one, "" for that of the first host that answers
    replicas: int = 0  # copies in the near datacentre of a keyspace that is made; 0 makes none
    timeout_seconds: float = 10.0  # of one request
    astra: Astra | None = None
