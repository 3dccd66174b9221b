"""Requests to the API: bodies of the wrong kind, forms that lie, odd paths, queries and headers.

A request is written as it goes over the wire: its line, its headers, an empty line, the body.
"""

import json
from collections.abc import Iterator

from tests.hostile.case import Case, case
from tests.hostile.corpus.archives import archive
from tests.hostile.corpus.labels import WRONG
from tests.hostile.corpus.pages import BODY, page
from tests.hostile.corpus.words import HOSTILE, LONG

EDGE = "----edge"
READS = (
    "/v1/documents", "/v1/jobs/x", "/v1/documents/{id}", "/v1/documents/{id}/scorecard", "/v1/documents/{id}/kpis",
    "/v1/documents/{id}/pages/1.png", "/v1/companies", "/v1/companies/acme", "/v1/companies/acme/history", "/v1/compare?company=acme",
    "/v1/search?q=water", "/trace?company=a&year=2024", "/health", "/live", "/", "/companies", "/search?q=x", "/reviews", "/openapi.json",
)  # fmt: skip
NAMES = (
    "../../etc/passwd",
    "%00",
    "%2e%2e%2f",
    "\u202e",
    "x" * 5000,
    "'; DROP TABLE documents;--",
    "%ff%fe",
    "a/b/c",
    "",
)
BODIES = {
    "/v1/documents": {"url": "https://example.com/a.pdf", "company": "Acme", "year": 2024},
    "/v1/documents/bulk": {
        "documents": [{"url": "https://example.com/a.pdf"}, {"url": "file:///etc/passwd"}]
    },
    "/v1/scores": {"documents": ["0" * 64], "rubric": "maturity"},
    "/score": {"company": "Acme", "year": 2024, "query": "water"},
}


def request(method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {target}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n\n" + body


def posted(target: str, body: bytes | str, kind: str = "application/json", **headers: str) -> bytes:
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return request("POST", target, raw, content_type=kind, **headers)


def form(*parts: tuple[str, bytes]) -> bytes:
    return (
        b"".join(b"--%b\r\n%b\r\n\r\n%b\r\n" % (EDGE.encode(), head.encode(), body) for head, body in parts)
        + b"--%b--\r\n" % EDGE.encode()
    )


def cases() -> Iterator[Case]:
    for target in READS:
        yield case(f"GET {target}", "a plain question", request("GET", target.replace("{id}", "0" * 64)))
    for target, body in BODIES.items():
        plain = json.dumps(body)
        yield case(f"POST {target}", "a plain body: what mutants begin with", posted(target, plain))
        for number, value in enumerate(WRONG):
            yield case(f"POST {target} {number}", "no object", posted(target, value))
            for field, old in body.items():
                broken = plain.replace(json.dumps(old), value, 1)
                yield case(
                    f"POST {target} {field} {number}", "a value of the wrong kind", posted(target, broken)
                )
        for number, text in enumerate((*HOSTILE, LONG)):
            said = {key: text if isinstance(value, str) else value for key, value in body.items()}
            yield case(f"POST {target} words {number}", "hostile words", posted(target, json.dumps(said)))
        yield case(f"POST {target} depth", "lists deeper than Python goes", posted(target, "[" * 100_000))
        yield case(
            f"POST {target} half pair",
            "half of a pair",
            posted(target, plain.replace("Acme", "\\ud800").replace("example", "\\ud800")),
        )
        yield case(
            f"POST {target} kind",
            "a body of an unknown kind",
            posted(target, plain, "application/x-python-pickle"),
        )
        yield case(
            f"POST {target} UTF-16",
            "another encoding",
            posted(target, plain.encode("utf-16"), "application/json; charset=utf-16"),
        )
    for method in ("GET", "PUT"):
        yield case(f"{method} bytes", "a query of raw bytes", request(method, "/v1/documents?a=\udc91"))
    yield from _forms()
    yield from _places()
    yield from _headers()


def _forms() -> Iterator[Case]:
    head = 'Content-Disposition: form-data; name="file"; filename="{}"'
    web = page(BODY).encode()
    kind = f"multipart/form-data; boundary={EDGE}"
    yield case("upload", "a plain upload", posted("/v1/documents", form((head.format("a.html"), web)), kind))
    for number, name in enumerate((*NAMES, *HOSTILE)):
        parts = form(
            (head.format(name.replace("\0", "")), web),
            ('Content-Disposition: form-data; name="company"', name.encode()),
        )
        yield case(f"upload name {number}", "a file name that tricks", posted("/v1/documents", parts, kind))
    for name, value in (
        ("none", "multipart/form-data"),
        ("empty", "multipart/form-data; boundary="),
        ("other", "multipart/form-data; boundary=x"),
    ):
        yield case(
            f"boundary {name}",
            "a form without its edge",
            posted("/v1/documents", form((head.format("a.html"), web)), value),
        )
    yield case(
        "parts",
        "5,000 parts",
        posted("/v1/documents", form(*[('Content-Disposition: form-data; name="x"', b"y")] * 5000), kind),
    )
    yield case(
        "two files",
        "two files",
        posted("/v1/documents", form((head.format("a.html"), web), (head.format("b.html"), web)), kind),
    )
    yield case(
        "no file",
        "no file",
        posted("/v1/documents", form(('Content-Disposition: form-data; name="year"', b"2024")), kind),
    )
    yield case(
        "cut",
        "a form that ends in the middle",
        posted("/v1/documents", form((head.format("a.html"), web))[:80], kind),
    )
    yield case(
        "bulk",
        "an archive",
        posted("/v1/documents/bulk", archive(("a.html", web), ("../b.html", web)), "application/zip"),
    )
    yield case(
        "bulk junk", "no archive", posted("/v1/documents/bulk", b"PK\x03\x04" + bytes(50), "application/zip")
    )


def _places() -> Iterator[Case]:
    for number, name in enumerate(NAMES):
        for target in (
            "/v1/documents/{}",
            "/v1/documents/{}/scorecard",
            "/v1/companies/{}",
            "/v1/jobs/{}",
            "/v1/search?q={}",
            "/v1/documents?cursor={}",
            "/v1/compare?company={}",
            "/documents/{}/evidence/{}",
            "/v1/documents/x/pages/{}.png?evidence={}",
            "/v1/search?q=x&limit={}&year={}",
        ):
            yield case(f"{target} {number}", "an odd name", request("GET", target.replace("{}", name)))
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "\x00", "GET" * 50):
        yield case(f"method {method[:8]!r}", "another method", request(method, "/v1/documents"))


def _headers() -> Iterator[Case]:
    for name, value in (
        ("Authorization", "Bearer " + "x" * 9000), ("Authorization", "Basic ::"), ("X-API-Key", "\u202e"), ("Idempotency-Key", "x" * 9000),
        ("Idempotency-Key", "\x00"), ("Content-Length", "99999999999"), ("Content-Length", "-1"), ("traceparent", "00-" + "0" * 32), ("Host", "evil\u00ff"),
        ("Accept", "*/*;q=" + "9" * 999), ("If-None-Match", '"' * 999), ("X-Forwarded-For", "a" * 999), ("X-Request-Id", "\x1b[31m"),
        ("Content-Encoding", "gzip"), ("Range", "bytes=-1--9"), ("Cookie", "a=" + "b" * 9000),
    ):  # fmt: skip
        for target, body in BODIES.items():
            yield case(
                f"{name} {value[:9]!r} {target}",
                "an odd header",
                posted(target, json.dumps(body), **{name.replace("-", "_"): value}),
            )
