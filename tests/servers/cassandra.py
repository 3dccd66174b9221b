"""A real Cassandra 5 of one node, in one JVM, with passwords on and TLS for who asks for it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from cassandra import ConsistencyLevel
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable
from cassandra.policies import RoundRobinPolicy
from cryptography.hazmat.primitives import serialization as pem

from tests.servers.downloads import maven
from tests.servers.java import java
from tests.servers.server import Server, free_ports, listens

USER = PASSWORD = "cassandra"  # the role that it makes for itself
POM = Path(__file__).parent / "cassandra" / "pom.xml"
HEAP = "2g"
MEMTABLES = "1024MiB"  # every flush and compaction builds an index of vectors anew
TIMEOUT = "10000ms"  # of the server: a busy machine is slow, not wrong

_OPENED = (  # packages of the JDK that Cassandra looks into by reflection
    *(
        "java.base/java.io",
        "java.base/java.lang",
        "java.base/java.lang.module",
        "java.base/java.lang.reflect",
    ),
    *("java.base/java.nio", "java.base/java.util", "java.base/jdk.internal.loader"),
    *("java.base/jdk.internal.math", "java.base/jdk.internal.module", "java.base/jdk.internal.ref"),
    *("java.base/jdk.internal.reflect", "java.base/jdk.internal.util.jar", "java.base/sun.nio.ch"),
    "jdk.management/com.sun.management.internal",
)
_EXPORTED = (
    *("java.base/java.lang.ref", "java.base/jdk.internal.misc", "java.sql/java.sql"),
    *("java.management.rmi/com.sun.jmx.remote.internal.rmi", "jdk.unsupported/sun.misc"),
    *("java.rmi/sun.rmi.registry", "java.rmi/sun.rmi.server"),
)
_HURRY = {  # what a cluster waits for, and one node need not
    "cassandra.ring_delay_ms": "1",
    "cassandra.skip_wait_for_gossip_to_settle": "0",
    "cassandra.superuser_setup_delay_ms": "-1",
}


@contextmanager
def start(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run it for the tests; they log in as USER."""
    with server(folder) as running:
        yield {
            "STACK_CASSANDRA": f"127.0.0.1:{running.port}",
            "STACK_CASSANDRA_CA": str(folder / "ca.pem"),
        }


@dataclass
class Cassandra(Server):
    port: int = 0  # where it listens for clients


def server(folder: Path) -> Cassandra:
    """Make the server, its data in `folder`; raises Unavailable."""
    program, jars = java(17, "openjdk-17-jre-headless"), maven(POM)
    folder.mkdir(parents=True)
    storage_port, port = free_ports(2)
    _write_configuration(folder, storage_port=storage_port, port=port)
    return Cassandra(
        name="cassandra",
        command=[
            program,
            *_options(folder),
            "-cp",
            f"{jars}/*",
            "org.apache.cassandra.service.CassandraDaemon",
        ],
        folder=folder,
        is_ready=lambda: listens(port) and _lets_in(port),
        port=port,
    )


def _options(folder: Path) -> list[str]:
    properties = {
        "cassandra.config": (folder / "cassandra.yaml").as_uri(),
        "logback.configurationFile": str(folder / "logback.xml"),
        "cassandra.storagedir": str(folder),
        "cassandra.logdir": str(folder),
        "cassandra-foreground": "yes",
        **_HURRY,
    }
    return [
        *(f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
        *(f"-D{name}={value}" for name, value in properties.items()),
        *(f"--add-opens={name}=ALL-UNNAMED" for name in _OPENED),
        *(f"--add-exports={name}=ALL-UNNAMED" for name in _EXPORTED),
    ]


def _write_configuration(folder: Path, *, storage_port: int, port: int) -> None:
    seeds = {
        "class_name": "org.apache.cassandra.locator.SimpleSeedProvider",
        "parameters": [{"seeds": f"127.0.0.1:{storage_port}"}],
    }
    configuration = {
        "cluster_name": "esg",
        "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner",
        "num_tokens": 1,
        "auto_bootstrap": False,
        "auto_snapshot": False,
        "endpoint_snitch": "SimpleSnitch",
        "seed_provider": [seeds],
        **dict.fromkeys(("listen_address", "rpc_address"), "127.0.0.1"),
        "storage_port": storage_port,
        "native_transport_port": port,
        "authenticator": "PasswordAuthenticator",
        "authorizer": "CassandraAuthorizer",
        "role_manager": "CassandraRoleManager",
        "client_encryption_options": _encryption(folder),
        "memtable_heap_space": MEMTABLES,
        "commitlog_sync": "batch",  # what it acknowledged outlives kill -9
        "concurrent_writes": max(2, os.cpu_count() or 2),  # more break an index of vectors: CASSANDRA-21644
        "data_file_directories": [str(folder / "data")],
        **{f"{name}_directory": str(folder / name) for name in ("commitlog", "saved_caches", "hints")},
        **dict.fromkeys(_TIMEOUTS, TIMEOUT),
    }
    (folder / "cassandra.yaml").write_text(json.dumps(configuration, indent=1))  # JSON is YAML
    (folder / "logback.xml").write_text(_LOGBACK)


def _encryption(folder: Path) -> dict[str, object]:
    """Take TLS and plain connections on one port; `ca.pem` is whom a client of TLS must trust."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    chain = b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
    pem = _pkcs8(certificate.private_key_pem.bytes()) + chain
    (folder / "server.pem").write_bytes(pem)
    return {
        "enabled": True,
        "optional": True,
        "keystore": str(folder / "server.pem"),
        "ssl_context_factory": {"class_name": "org.apache.cassandra.security.PEMBasedSslContextFactory"},
    }


def _pkcs8(key: bytes) -> bytes:
    """Write a key the way Java reads it."""
    return pem.load_pem_private_key(key, None).private_bytes(
        pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption()
    )


def _lets_in(port: int) -> bool:
    """Whether its role is made: it listens a moment earlier."""
    profile = ExecutionProfile(RoundRobinPolicy(), consistency_level=ConsistencyLevel.LOCAL_ONE)
    cluster = Cluster(
        ["127.0.0.1"],
        port=port,
        auth_provider=PlainTextAuthProvider(USER, PASSWORD),
        protocol_version=5,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
    )
    try:
        cluster.connect()
        return True
    except NoHostAvailable:
        return False
    finally:
        cluster.shutdown()


_TIMEOUTS = (
    *("read_request_timeout", "range_request_timeout", "write_request_timeout"),
    *("cas_contention_timeout", "truncate_request_timeout"),
)
_LOGBACK = """<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT"/></root>
</configuration>
"""
