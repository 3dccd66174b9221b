"""Hosts: how they are written, which of them are this machine alone, and which the API may listen at."""

import ipaddress
from urllib.parse import urlsplit

from esg.errors import Misconfigured
from esg.settings import Settings


def refuse_public(settings: Settings) -> None:
    """Raise Misconfigured when others could reach an API that asks for no key."""
    if is_loopback(bracketed(settings.api_host)) or settings.api_trusted_network:
        return
    raise Misconfigured(
        f"The API would be reachable at {settings.api_host} without a key.",
        next_step="Leave ESG_API_HOST at 127.0.0.1, or set ESG_API_TRUSTED_NETWORK=true "
        "when a proxy that authenticates stands before it.",
    )


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine: localhost or a loopback address, with any port."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def bracketed(host: str) -> str:
    """Write a host as it stands in a URL: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host
