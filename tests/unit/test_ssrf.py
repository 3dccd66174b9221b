"""Every trick we know to make the engine ask an address inside, by each door that takes a URL from others.

Nothing is allowed here that is not allowed in production: names are resolved by a table, numeric hosts by the
system's own resolver, which asks nobody; the network below writes down whom it was to connect to.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore
import pytest

from esg import webhook
from esg.errors import EsgError, Rejected, Transient
from esg.fetch import FetchLimits, check_url
from esg.fetch.addresses import resolve
from esg.fetch.http import MAX_REDIRECTS, ask, download
from esg.webhook import Event, deliver

PUBLIC, OTHER = "93.184.216.34", "8.8.8.8"
NAMES = {
    "reports.example": [PUBLIC],
    "other.example": [OTHER],
    "inside.example": ["10.0.0.5"],
    "metadata.example": ["169.254.169.254"],
    "half.example": [PUBLIC, "127.0.0.1"],
    "mapped.example": ["::ffff:10.0.0.5"],
    "localhost": ["127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "127.0.0.1.": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
}
LIMITS = FetchLimits(max_bytes=10_000, timeout_seconds=5)
EVENT = Event.job_finished("job-1", at="2026-11-22T12:00:00+00:00", state="scored")
PDF = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n%PDF-1.7\n"


class Network(httpcore.NetworkBackend):
    """Answers connections in turn with what it is given, the last one for ever."""

    def __init__(self, *answers: bytes) -> None:
        self.connected: list[str] = []
        self._answers = list(answers) or [PDF]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append(host)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return httpcore.MockStream([answer])


def look_up(host: str, port: int) -> Sequence[str]:
    """A table of names; what is written as a number, however, is the system's to read."""
    if host in NAMES:
        return NAMES[host]
    if host.endswith(".example"):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return resolve(host, port)


def _download(url: str, network: Network, resolver: Any = look_up) -> Any:
    return download(url, limits=LIMITS, resolver=resolver, tcp=network)


def _source(url: str, network: Network, resolver: Any = look_up) -> Any:
    """As a listing of a source is asked for again."""
    return ask(url, limits=LIMITS, etag='"1"', resolver=resolver, tcp=network)


def _webhook(url: str, network: Network, resolver: Any = look_up) -> Any:
    return deliver(EVENT, url, secret="s" * 32, limits=LIMITS, resolver=resolver, tcp=network)


Door = Callable[..., Any]
DOORS = pytest.mark.parametrize("door", [_download, _source, _webhook], ids=["download", "source", "webhook"])
FOLLOWING = pytest.mark.parametrize("door", [_download, _source], ids=["download", "source"])

INSIDE = {
    "loopback": "127.0.0.1",
    "all of loopback": "127.255.255.254",
    "any address": "0.0.0.0",
    "private 10": "10.0.0.1",
    "private 172": "172.31.255.255",
    "private 192": "192.168.0.1",
    "metadata of AWS, Azure, Google": "169.254.169.254",
    "metadata of ECS": "169.254.170.2",
    "metadata of Alibaba": "100.100.100.200",
    "Azure's wire server": "168.63.129.16",
    "carrier-grade NAT": "100.64.0.1",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "octal": "0177.0.0.1",
    "octal as one": "017700000001",
    "short": "127.1",
    "short mixed": "0x7f.1",
    "zero": "0",
    "decimal metadata": "2852039166",
    "full-width digits": "１２７.0.0.1",
    "ideographic stops": "127。0。0。1",
    "trailing dot": "127.0.0.1.",
    "IPv6 loopback": "[::1]",
    "IPv6 any": "[::]",
    "IPv4-mapped": "[::ffff:127.0.0.1]",
    "IPv4-mapped, hexadecimal": "[::ffff:7f00:1]",
    "IPv4-mapped, written out": "[0:0:0:0:0:ffff:10.0.0.1]",
    "IPv4-compatible": "[::127.0.0.1]",
    "NAT64": "[64:ff9b::10.0.0.1]",
    "NAT64 of one's own": "[64:ff9b:1::a00:1]",
    "6to4": "[2002:7f00:1::1]",
    "6to4 of metadata": "[2002:a9fe:a9fe::]",
    "Teredo": "[2001::1]",
    "unique local": "[fd00:ec2::254]",
    "link-local": "[fe80::1]",
    "site-local": "[fec0::1]",
    "name of loopback": "localhost",
    "name of loopback with a dot": "localhost.",
    "name that is inside": "inside.example",
    "name of a mapped address": "mapped.example",
    "name of metadata": "metadata.google.internal",
    "name with one address inside": "half.example",
}


@DOORS
@pytest.mark.parametrize("host", INSIDE.values(), ids=INSIDE)
def test_an_address_inside_is_never_connected_to(door: Door, host: str) -> None:
    network = Network()

    with pytest.raises(Rejected) as refusal:
        door(f"http://{host}/report.pdf", network)

    assert refusal.value.code in ("refused_address", "unsupported_url")  # httpx reads no octal digits
    assert network.connected == []


@pytest.mark.parametrize("host", INSIDE.values(), ids=INSIDE)
def test_a_webhook_inside_is_refused_when_it_is_asked_for(host: str) -> None:
    with pytest.raises(Rejected) as refusal:
        webhook.check(f"https://{host}/hook", resolver=look_up)

    assert refusal.value.code in ("refused_address", "unsupported_url")


TRICKS = {
    "user before the host": "http://reports.example@10.0.0.5/",
    "user and password": "http://reports.example:80@10.0.0.5/",
    "host in the user": "http://10.0.0.5@reports.example/",
    "escaped host in the user": "http://10.0.0.5%2f@reports.example/",
    "backslash": "http://reports.example\\@10.0.0.5/",
    "file": "file:///etc/passwd",
    "gopher": "gopher://10.0.0.5:6379/_FLUSHALL",
    "ftp": "ftp://10.0.0.5/",
    "dict": "dict://10.0.0.5:6379/info",
    "no scheme": "//10.0.0.5/",
    "no slashes": "http:10.0.0.5/",
    "no host": "http:///10.0.0.5/",
    "port 0": "http://reports.example:0/",
    "port beyond": "http://reports.example:99999/",
    "line feed in the host": "http://reports.example%0d%0aHost:10.0.0.5/",
    "line feed in the path": "http://reports.example/\r\nHost: 10.0.0.5",
    "tab in the host": "http://reports\t.example/",
    "circled digits": "http://①②⑦.0.0.1/",
    "circled letters": "http://ⓛocalhost/",
    "broken punycode": "http://xn--/",
}


@DOORS
@pytest.mark.parametrize("url", TRICKS.values(), ids=TRICKS)
def test_a_url_that_is_read_in_two_ways_is_not_asked_for(door: Door, url: str) -> None:
    network = Network()

    with pytest.raises(Rejected) as refusal:
        door(url, network)

    assert refusal.value.code == "unsupported_url"
    assert network.connected == []


@DOORS
@pytest.mark.parametrize(
    "host", ["[fe80::1%25eth0]", "reports.example%00.inside.example", "[::1]x", "10.0.0.5%2f.example"]
)
def test_zone_ids_and_escapes_in_a_host_lead_nowhere(door: Door, host: str) -> None:
    network = Network()

    with pytest.raises(EsgError):
        door(f"http://{host}/", network)

    assert network.connected == []


def test_what_is_after_a_question_mark_or_hash_is_no_host() -> None:
    for url in ("http://reports.example#@10.0.0.5/", "http://reports.example?@10.0.0.5/"):
        network = Network()
        _download(url, network)
        assert network.connected == [PUBLIC]


# -- redirections


def redirect(to: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@FOLLOWING
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "host", ["10.0.0.5", "2130706433", "[::ffff:10.0.0.5]", "metadata.example", "half.example"]
)
def test_a_redirection_inside_is_not_followed(door: Door, host: str, status: int) -> None:
    network = Network(redirect(f"http://{host}/", status))

    with pytest.raises(Rejected) as refusal:
        door("http://reports.example/", network)

    assert refusal.value.code == "refused_address"
    assert network.connected == [PUBLIC]


@FOLLOWING
@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "gopher://10.0.0.5/",
        "http://x@10.0.0.5/",
        "javascript:alert(1)",
        "//a@10.0.0.5/",
    ],
)
def test_a_redirection_to_another_scheme_or_with_a_user_is_not_followed(door: Door, to: str) -> None:
    network = Network(redirect(to))

    with pytest.raises(Rejected) as refusal:
        door("http://reports.example/", network)

    assert refusal.value.code == "unsupported_url"
    assert network.connected == [PUBLIC]


@FOLLOWING
def test_the_last_of_a_chain_is_checked_as_the_first(door: Door) -> None:
    network = Network(redirect("http://other.example/"), redirect("/further"), redirect("http://10.0.0.5/"))

    with pytest.raises(Rejected) as refusal:
        door("http://reports.example/", network)

    assert refusal.value.code == "refused_address"
    assert network.connected == [PUBLIC, OTHER, OTHER]


@FOLLOWING
def test_a_chain_without_end_ends(door: Door) -> None:
    network = Network(redirect("http://other.example/"))

    with pytest.raises(Rejected) as refusal:
        door("http://reports.example/", network)

    assert refusal.value.code == "too_many_redirects"
    assert len(network.connected) == MAX_REDIRECTS + 1


def test_a_webhook_is_not_led_on() -> None:
    network = Network(redirect("http://other.example/"))

    with pytest.raises(Transient):
        _webhook("http://reports.example/", network)

    assert network.connected == [PUBLIC]


# -- DNS rebinding


@DOORS
def test_the_address_that_was_checked_is_the_one_connected_to(door: Door) -> None:
    """A name that answers otherwise when asked again is not asked again."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    network = Network()

    door("http://rebinding.example/", network, lambda *_: next(answers))

    assert network.connected == [PUBLIC]


@FOLLOWING
def test_a_name_that_changes_between_redirections_is_checked_again(door: Door) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    network = Network(redirect("http://rebinding.example/further"))

    with pytest.raises(Rejected) as refusal:
        door("http://rebinding.example/", network, lambda *_: next(answers))

    assert refusal.value.code == "refused_address"
    assert network.connected == [PUBLIC]


def test_a_webhook_that_was_public_when_asked_for_is_checked_when_told() -> None:
    webhook.check("https://rebinding.example/", resolver=lambda *_: [PUBLIC])
    network = Network()

    with pytest.raises(Rejected) as refusal:
        _webhook("https://rebinding.example/", network, lambda *_: ["169.254.169.254"])

    assert refusal.value.code == "refused_address"
    assert network.connected == []


# -- the environment


@DOORS
def test_a_proxy_of_the_environment_is_not_asked(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look names up itself, and connect to whatever it found."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://10.9.9.9:3128")
    network = Network()

    door("http://reports.example/", network)

    assert network.connected == [PUBLIC]


def test_a_port_of_one_s_own_is_allowed_and_changes_nothing_of_the_checks() -> None:
    network = Network()

    _download("http://reports.example:8443/", network)
    with pytest.raises(Rejected):
        _download("http://inside.example:6379/", network)

    assert network.connected == [PUBLIC]


def test_a_url_is_checked_before_it_is_kept() -> None:
    """By every way in: REST, bulk, MCP and calls by hand use this."""
    for url in TRICKS.values():
        with pytest.raises(Rejected):
            check_url(url)
