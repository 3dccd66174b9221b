"""Apache Iceberg's own REST fixture, from Maven, on Java 17: tables in S3, their heads in SQLite."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.downloads import maven, program
from tests.servers.java import BRIEF
from tests.servers.seaweedfs import BUCKET, KEYS
from tests.servers.server import Server, Unavailable, free_ports, listens

WAREHOUSE = f"s3://{BUCKET}/warehouse"
_SOURCES = Path(__file__).with_suffix("")


def catalog(folder: Path, *, s3: str) -> tuple[Server, str]:
    """Describe a catalog and give its URL; `s3` is the store's host:port. Raises Unavailable."""
    (port,) = free_ports(1)
    folder.mkdir(parents=True, exist_ok=True)
    program("javac", "openjdk-17-jdk-headless")  # Catalog.java is compiled as it is started
    java = [program("java", "openjdk-17-jdk-headless"), *BRIEF, "-Xmx256m"]
    properties = {
        "catalog-impl": "org.apache.iceberg.jdbc.JdbcCatalog",
        "uri": f"jdbc:sqlite:{folder / 'catalog.sqlite'}",
        "jdbc.schema-version": "V1",
        "warehouse": WAREHOUSE,
        "io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "s3.endpoint": f"http://{s3}",
        "s3.path-style-access": "true",
    }
    classes = f"{maven(_SOURCES / 'pom.xml')}/*"
    command = [*java, "-cp", classes, str(_SOURCES / "Catalog.java"), str(port)]
    command += [f"{key}={value}" for key, value in properties.items()]
    server = Server("iceberg-rest", command, folder, lambda: listens(port), KEYS)
    return server, f"http://127.0.0.1:{port}"


@contextmanager
def start(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run one for the stack, over its S3: STACK_ICEBERG_REST."""
    if "STACK_S3" not in os.environ:
        raise Unavailable("its tables need the S3 server, which does not run")
    server, url = catalog(folder, s3=os.environ["STACK_S3"])
    with server:
        yield {"STACK_ICEBERG_REST": url}
