"""Astra's secure connect bundle → what the driver needs to connect with it."""

import json
import ssl
import tempfile
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from esg.errors import Misconfigured
from esg.index.cassandra.address import Astra

_NEXT_STEP = (
    "Download the secure connect bundle of ASTRA_DB_ID in ASTRA_DB_REGION from Astra's console, and set "
    "ASTRA_DB_SECURE_BUNDLE_PATH to the zip file as it came."
)


def cloud(astra: Astra, *, timeout_seconds: float) -> dict[str, Any]:
    """Check a bundle and give the driver's `cloud`; raises Misconfigured.

    The driver unpacks it once more, into the folder for temporary files: that of the bundle may be read-only.
    """
    if not astra.bundle.is_file():
        raise Misconfigured(f"There is no secure connect bundle {astra.bundle}.", next_step=_NEXT_STEP)
    try:
        with ZipFile(astra.bundle) as packed, tempfile.TemporaryDirectory(prefix="esg-astra-") as folder:
            packed.extractall(folder)
            host = str(json.loads((Path(folder) / "config.json").read_text())["host"])
            context = _context(Path(folder))
    except (BadZipFile, OSError, KeyError, ValueError) as error:
        raise _broken(astra, str(error)) from error
    if not host.startswith("-".join(part for part in (astra.database, astra.region) if part)):
        raise _broken(astra, f"it is of the database at {host}")
    return {
        "secure_connect_bundle": str(astra.bundle),
        "use_default_tempdir": True,
        "connect_timeout": timeout_seconds,
        "ssl_context": context,
    }


def _broken(astra: Astra, why: str) -> Misconfigured:
    return Misconfigured(
        f"The secure connect bundle {astra.bundle} cannot be used: {why}.", next_step=_NEXT_STEP
    )


def _context(folder: Path) -> ssl.SSLContext:
    """Trust the bundle's authority alone, and show the bundle's certificate.

    Nodes go by their ids, not by the names of hosts, so the chain is what is checked.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(folder / "ca.crt")
    context.load_cert_chain(folder / "cert", folder / "key")
    return context
