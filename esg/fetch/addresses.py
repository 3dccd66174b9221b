"""host → addresses that a fetch may connect to; all else is refused, so that a URL cannot reach inside."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from esg.errors import Rejected

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

# IANA special-purpose registries (RFC 6890 and updates); Python's is_global changed between patch releases,
# so the ones that matter are listed.
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's wire server: a public address that answers only inside
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo, ORCHID, benchmarking …
        "2001:db8::/32",
        "3fff::/20",
        "fec0::/10",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SIXTOFOUR = IPv6Network("2002::/16")
_EMBEDDING_LAST = tuple(
    IPv6Network(network) for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")
)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also when it is a v4 address inside a v6 one."""
    if isinstance(address, IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(inner)
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not any(
        address in network for network in _REFUSED if network.version == address.version
    )


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The v4 address a v6 one leads to: mapped, compatible, NAT64 or 6to4."""
    if address in _SIXTOFOUR:
        return address.sixtofour
    if any(address in network for network in _EMBEDDING_LAST):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host, in its order of preference; raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def permitted(
    host: str, port: int, *, resolver: Resolver = resolve, allow_private: bool = False
) -> list[str]:
    """Resolve a host to the addresses that may be connected to.

    One refused address among them refuses the host. Raises `Rejected` (`refused_address`) and what the
    resolver raises. The system's resolver also reads decimal, hexadecimal and octal forms (2130706433,
    0x7f.1, 0177.0.0.1), so what is checked is what would be connected to.
    """
    addresses = list(resolver(host, port))
    if not allow_private:
        for address in addresses:
            if not is_public(ip_address(address)):
                raise _refused(host, address)
    return addresses


def _refused(host: str, address: str) -> Rejected:
    where = host if host == address else f"{host} ({address})"
    return Rejected(
        f"{where} is not a public internet address.",
        code="refused_address",
        next_step="Download the report and give the file.",
    )
