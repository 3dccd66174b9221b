"""Hosts: how they are written, which of them are this machine alone, and which names the API goes by."""

import ipaddress
from urllib.parse import urlsplit

from esg.settings import Settings


def needs_key(settings: Settings) -> bool:
    """Whether every caller needs a key: others than this machine's users reach the API, or it is asked."""
    is_reached = not is_loopback(bracketed(settings.api_host))
    opened = (settings.api_hosts, settings.api_trusted_proxies, settings.ngrok_api_url)
    return is_reached or settings.api_require_key or any(opened)


def is_known(host: str, settings: Settings) -> bool:
    """Whether a Host header names this API: this machine, a name that was set, or an address it listens at.

    An address is nobody's name, so no page of another site can take it (DNS rebinding).
    """
    name = urlsplit(f"//{host}").hostname or ""
    if is_loopback(host) or name in {*words(settings.api_hosts.lower()), settings.api_host.lower()}:
        return True
    return not is_loopback(bracketed(settings.api_host)) and _is_address(name)


def words(listed: str) -> list[str]:
    """Part what a setting lists by commas or blanks."""
    return listed.replace(",", " ").split()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


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
