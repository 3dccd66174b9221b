from ipaddress import ip_address

import pytest

from esg.errors import Rejected
from esg.fetch.addresses import is_public, permitted

PUBLIC = [
    "8.8.8.8",
    "93.184.216.34",
    "192.0.1.1",
    "172.32.0.1",
    "2606:2800:220:1:248:1893:25c8:1946",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]
REFUSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
    "5f00::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", REFUSED)
def test_everything_else_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


def test_a_host_with_only_public_addresses_is_permitted() -> None:
    addresses = permitted("reports.example", 443, resolver=lambda *_: ["8.8.8.8", "2606:2800::1"])

    assert addresses == ["8.8.8.8", "2606:2800::1"]


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    with pytest.raises(Rejected) as refusal:
        permitted("reports.example", 443, resolver=lambda *_: ["8.8.8.8", "10.0.0.1"])

    assert refusal.value.code == "refused_address"
    assert "10.0.0.1" in str(refusal.value)


def test_what_the_resolver_answers_decides_not_how_the_host_is_written() -> None:
    with pytest.raises(Rejected, match=r"2130706433 \(127\.0\.0\.1\)"):
        permitted("2130706433", 80, resolver=lambda *_: ["127.0.0.1"])


def test_private_addresses_may_be_allowed() -> None:
    assert permitted("localhost", 80, resolver=lambda *_: ["127.0.0.1"], allow_private=True) == ["127.0.0.1"]
