"""Iceberg catalogs for tests: one in a file of SQLite, and those that the stack's servers give."""

import os
import uuid
from pathlib import Path

from esg.settings import Settings
from tests.servers import iceberg_rest, seaweedfs

REST = tuple(
    name
    for name, variable in (("seaweedfs", "STACK_ICEBERG_SEAWEEDFS"), ("rest", "STACK_ICEBERG_REST"))
    if variable in os.environ
)
NAMES = ("sqlite", *REST)


def catalog(name: str, folder: Path, *, uri: str = "", s3: str = "") -> dict[str, str]:
    """The environment of a process that keeps gold there, in a namespace of its own."""
    told = {"ESG_HOME": str(folder), "ESG_ICEBERG_NAMESPACE": f"gold_{uuid.uuid4().hex[:12]}"}
    if name == "sqlite":
        place = {"URI": f"sqlite:///{folder}/catalog.sqlite", "WAREHOUSE": f"file://{folder}/warehouse"}
    elif name == "rest":
        place = {"URI": uri or os.environ["STACK_ICEBERG_REST"], "WAREHOUSE": iceberg_rest.WAREHOUSE}
    else:
        place = {
            "URI": uri or os.environ["STACK_ICEBERG_SEAWEEDFS"],
            "WAREHOUSE": seaweedfs.TABLES,
            "CREDENTIAL": seaweedfs.CREDENTIAL,
        }
    if name != "sqlite":
        place["S3_ENDPOINT"] = f"http://{s3 or os.environ['STACK_S3']}"
    return told | {f"ESG_ICEBERG_{key}": value for key, value in place.items()}


def settings(environment: dict[str, str]) -> Settings:
    """Settings of such a process, in this one."""
    return Settings(**{name.removeprefix("ESG_").lower(): value for name, value in environment.items()})  # type: ignore[arg-type]
