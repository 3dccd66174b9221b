"""address → keyspace: one connection a process, opened when asked for, not taken over a fork (FACTS)."""

import os
import ssl
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from cassandra import ConsistencyLevel
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, Session
from cassandra.policies import DCAwareRoundRobinPolicy, ExponentialReconnectionPolicy, TokenAwarePolicy
from cassandra.query import PreparedStatement

from esg.errors import Misconfigured
from esg.index.cassandra.address import Address, Astra
from esg.index.cassandra.bundle import cloud
from esg.index.cassandra.errors import translated
from esg.index.cassandra.retrying import IdempotentRetries
from esg.index.cassandra.schema import is_known

PROTOCOL = 4  # which Cassandra 5 and Astra both speak; left to itself the driver tries newer ones first
_RECONNECT_SECONDS = (0.5, 10.0)  # the first wait for a node that went away, and the longest
_HEARTBEAT_SECONDS = 10  # a connection that is silent for so long is asked, and given up if it stays so


@dataclass(frozen=True, slots=True)
class Keyspace:
    """Where statements are sent. They name it, as a session that is told to USE one is ambiguous."""

    session: Session
    bare_name: str

    @property
    def name(self) -> str:
        """As statements name it."""
        return f'"{self.bare_name}"'

    def prepare(self, query: str, *, is_idempotent: bool = True) -> PreparedStatement:
        """Prepare a query; one that is idempotent may be repeated."""
        prepared = self.session.prepare(query)
        prepared.is_idempotent = is_idempotent
        return prepared


@dataclass
class _Slot:
    lock: Lock = field(default_factory=Lock)
    keyspace: Keyspace | None = None


_slots: dict[tuple[int, Address], _Slot] = {}


def keyspace(address: Address) -> Keyspace:
    """Give this process's connection to the keyspace of `address`; raises Transient or Misconfigured.

    A child that was forked finds none of its own, and leaves its parent's alone.
    """
    slot = _slots.setdefault((os.getpid(), address), _Slot())
    with slot.lock:
        if slot.keyspace is None:
            slot.keyspace = _connect(address)
        return slot.keyspace


def _connect(address: Address) -> Keyspace:
    with translated():
        cluster = Cluster(**_options(address))
        try:
            opened = cluster.connect()
            _make(opened, address)
        except BaseException:
            cluster.shutdown()
            raise
    return Keyspace(opened, address.keyspace)


def _options(address: Address) -> dict[str, Any]:
    seconds = address.timeout_seconds
    profile = ExecutionProfile(
        load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy(address.datacentre)),
        retry_policy=IdempotentRetries(),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL,
        request_timeout=seconds,
    )
    return {
        **(_in_the_cloud(address.astra, seconds) if address.astra else _on_hosts(address)),
        "protocol_version": PROTOCOL,
        "execution_profiles": {EXEC_PROFILE_DEFAULT: profile},
        "reconnection_policy": ExponentialReconnectionPolicy(*_RECONNECT_SECONDS),
        "connect_timeout": seconds,
        "control_connection_timeout": seconds,
        "idle_heartbeat_interval": _HEARTBEAT_SECONDS,
        "idle_heartbeat_timeout": seconds,
        "monitor_reporting_enabled": False,
    }


def _in_the_cloud(astra: Astra, timeout_seconds: float) -> dict[str, Any]:
    return {
        "cloud": cloud(astra, timeout_seconds=timeout_seconds),
        "auth_provider": PlainTextAuthProvider("token", astra.token),
    }


def _on_hosts(address: Address) -> dict[str, Any]:
    login = PlainTextAuthProvider(address.user, address.password) if address.user else None
    return {
        "contact_points": list(address.hosts),
        "port": address.port,
        "auth_provider": login,
        "ssl_context": _context(address),
    }


def _context(address: Address) -> ssl.SSLContext | None:
    if address.authority is None:
        return None
    try:
        return ssl.create_default_context(cafile=address.authority)
    except OSError as error:  # ssl.SSLError is one
        raise Misconfigured(
            f"ESG_CASSANDRA_CA is {address.authority}, which is no certificate: {error}.",
            next_step="Set it to the PEM file of whom the servers' certificates are from.",
        ) from error


def _make(session: Session, address: Address) -> None:
    """Make the keyspace if nodes do not know it and the address says how many copies it shall have."""
    metadata, name = session.cluster.metadata, address.keyspace
    is_listed = name in metadata.keyspaces
    if not address.replicas and not is_listed:
        raise Misconfigured(f"Cassandra has no keyspace {name}.", next_step=_no_keyspace(address))
    if not address.replicas or (is_listed and is_known(session, f'DESCRIBE ONLY KEYSPACE "{name}"')):
        return
    datacentre = address.datacentre or metadata.all_hosts()[0].datacenter
    session.execute(
        f'CREATE KEYSPACE IF NOT EXISTS "{name}" WITH replication = '
        f"{{'class': 'NetworkTopologyStrategy', '{datacentre}': {address.replicas}}}"
    )


def _no_keyspace(address: Address) -> str:
    if address.astra:
        return "Make it in Astra's console, or set ASTRA_DB_KEYSPACE to one that is there."
    return (
        "Set ESG_CASSANDRA_REPLICAS to the copies it shall have (1 on one node, 3 in production) and it is "
        "made, or ESG_CASSANDRA_KEYSPACE to one that is there."
    )
