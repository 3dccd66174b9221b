"""Web pages, inline XBRL: entities, nesting, spans, scales without end, charsets that lie, hidden words."""

from collections.abc import Iterator

from tests.hostile.case import Case, case
from tests.hostile.corpus.words import HOSTILE, LONG, ORDER, REPORT

BODY = "".join(f"<p>{text}</p>" for text in REPORT)
XBRL = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:esrs="https://xbrl.efrag.org/taxonomy/esrs/2023-12-22"><head><title>ESRS 2024</title></head><body>
<div style="display:none"><ix:header><ix:hidden><ix:nonNumeric name="esrs:x" contextRef="c">%s</ix:nonNumeric></ix:hidden>
<ix:resources><xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="http://standards.iso.org/iso/17442">529900T8BM49AURSDO55</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:startDate>2024-01-01</xbrli:startDate><xbrli:endDate>2024-12-31</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:unit id="t"><xbrli:measure>utr:tCO2e</xbrli:measure></xbrli:unit></ix:resources></ix:header></div>
%s</body></html>"""
FACT = (
    '<p>Scope 1 <ix:nonFraction name="esrs:GrossScope1GreenhouseGasEmissions" contextRef="c" unitRef="t" '
    'decimals="0" format="ixt:num-dot-decimal" scale="{scale}">{value}</ix:nonFraction> t</p>'
)


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head><title>Report 2024</title>{head}</head><body>{body}</body></html>"


def xbrl(body: str) -> str:
    return XBRL % (ORDER, body)


def cases() -> Iterator[Case]:
    yield case("report", "a plain page: what mutants begin with", page(BODY))
    rows = "".join(f"<tr><td>Scope {n}<td>{n},234<td>{n},300" for n in (1, 2, 3))
    styled = "<style>.a{font-weight:bold} #b{color:#fff;background:#003} td>b{background:url(x)}</style>"
    yield case(
        "table", "a table", page(f"{BODY}<table class=a><tr><th>t<th>2024<th>2023{rows}</table>", styled)
    )
    yield case("tagged", "inline XBRL", xbrl(BODY + FACT.format(scale=0, value="1,234")))
    yield from _entities()
    yield from _nesting()
    yield from _spans()
    yield from _tags()
    yield from _charsets()
    yield from _hidden()


def _entities() -> Iterator[Case]:
    for name, what in {
        "file": "file:///etc/passwd",
        "address": "http://127.0.0.1:9/x",
        "expect": "expect://id",
    }.items():
        head = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{what}"><!ENTITY % y SYSTEM "{what}">%y;]>'
        yield case(f"entity {name}", "XXE", f"<?xml version='1.0'?>{head}{xbrl(BODY + '<p>&x;</p>')[21:]}")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield case(
        "laughs", "a billion laughs", f'<!DOCTYPE html [<!ENTITY l0 "ha">{laughs}]>{page("<p>&l11;</p>")}'
    )
    yield case(
        "references",
        "what is loaded from elsewhere",
        page(
            f"{BODY}<iframe src=file:///etc/passwd></iframe><link rel=stylesheet href=http://127.0.0.1:9/x><xi:include href=file:///etc/passwd />",
            "<base href=file:///><meta http-equiv=refresh content='0;url=file:///etc/passwd'>",
        ),
    )
    yield case(
        "numbers",
        "characters that are none",
        page("<p>&#x110000; &#xD800; &#0; &#x202E; &#99999999999999999999; &notanentity;</p>" + BODY),
    )


def _nesting() -> Iterator[Case]:
    for tag in ("div", "b", "ul", "p", "svg", "ix:nonnumeric"):
        yield case(f"depth {tag}", "20,000 elements in one another", page(f"<{tag}>" * 20_000 + BODY))
    yield case("tables", "300 tables in one another", page("<table><tr><td>" * 300 + BODY))
    yield case("hidden depth", "20,000 hidden elements in one another", page("<div hidden>" * 20_000 + BODY))
    yield case("unclosed", "a tag that does not end", page(BODY + "<p " + "a='b' " * 50_000))
    yield case(
        "attributes",
        "an element with 10,000 attributes",
        lambda: page("<p " + " ".join(f"a{n}=1" for n in range(10_000)) + f">{BODY}"),
    )
    yield case(
        "misnested",
        "elements that close one another",
        page("<b><i><table><p></b></table></i><form><a>" * 3000 + BODY),
    )
    yield case(
        "digits",
        "a figure of 2,000 digits",
        page(f"{BODY}<p>Scope 1 emissions were {'9' * 2000} tCO2e in 2024.</p>"),
    )
    yield case("comments", "comments without end", page("<!--" * 20_000 + BODY + "-->"))
    yield case(
        "style",
        "rules without end",
        lambda: page(BODY, "<style>" + "a{b:c;" * 50_000 + "/*" * 50_000 + "</style>"),
    )
    yield case(
        "selectors",
        "a selector without end",
        lambda: page(BODY, "<style>" + ".a," * 200_000 + "{color:#fff}</style>"),
    )


def _spans() -> Iterator[Case]:
    for name, span in {
        "huge": "999999999999",
        "negative": "-5",
        "zero": "0",
        "word": "x",
        "digits": "²٣",
    }.items():
        cell = f"<td colspan='{span}' rowspan='{span}'>1,234"
        yield case(
            f"span {name}", "cells over odd spans", page(f"<table><tr>{cell * 5}<tr>{cell * 5}</table>{BODY}")
        )
    yield case(
        "columns",
        "a row of 20,000 cells",
        lambda: page("<table>" + ("<tr>" + "<td>1" * 20_000) * 2 + f"</table>{BODY}"),
    )
    yield case(
        "rows",
        "20,000 rows",
        lambda: page("<table>" + "<tr><td>Scope 1<td>1,234" * 20_000 + f"</table>{BODY}"),
    )
    yield case(
        "staircase",
        "cells that overlap",
        page(
            "<table>"
            + "".join(f"<tr><td rowspan={n}>a<td colspan={n}>b" for n in range(300))
            + f"</table>{BODY}"
        ),
    )
    yield case(
        "breaks", "10,000 page breaks", page("<p>x</p><div style='page-break-after:always'></div>" * 10_000)
    )
    yield case(
        "word",
        "a word of 32,000 letters",
        page(f"<p>{LONG}</p><table><tr><td>{LONG}<td>1<tr><td>2<td>3</table>"),
    )


def _tags() -> Iterator[Case]:
    for name, scale, value in (
        ("scale", "99999999", "1"), ("negative scale", "-99999999", "1"), ("word", "x", "12"), ("digits", "0", "9" * 5000),
        ("exponent", "0", "1e999999"), ("signs", "3", "--((12))"), ("empty", "0", ""), ("fullwidth", "0", "１２３٤٥"),
        ("infinite", "INF", "inf"), ("nan", "0", "nan"),
    ):  # fmt: skip
        yield case(
            f"fact {name}", "a figure that is none", xbrl(BODY + FACT.format(scale=scale, value=value))
        )
    ring = '<ix:continuation id="a" continuedAt="b">x</ix:continuation><ix:continuation id="b" continuedAt="a">y</ix:continuation>'
    yield case(
        "continuation cycle",
        "a text that goes on where it began",
        xbrl(f'{BODY}<ix:nonNumeric name="esrs:y" contextRef="c" continuedAt="a">z</ix:nonNumeric>{ring}'),
    )
    opened = '<ix:nonFraction name="esrs:z" contextRef="c" unitRef="t" decimals="0">'
    yield case(
        "facts in facts",
        "3,000 figures in one another",
        xbrl(opened * 3000 + "7" + "</ix:nonFraction>" * 3000 + BODY),
    )
    yield case(
        "no contexts",
        "figures of nobody",
        page((BODY + FACT.format(scale=0, value=7) * 50), "") + "<ix:header>",
    )
    for name, date in {"far": "99999-99-99", "word": "soon", "reversed": "0001-01-01"}.items():
        yield case(
            f"date {name}",
            "a period that is none",
            xbrl(BODY + FACT.format(scale=0, value=7)).replace("2024-12-31", date),
        )
    yield case(
        "formats",
        "formats that are none",
        xbrl(BODY + FACT.format(scale=0, value="1").replace("num-dot-decimal", "x" * 10_000)),
    )
    yield case(
        "prefixes",
        "names of no namespace",
        xbrl(BODY + FACT.format(scale=0, value="1").replace("esrs:Gross", ":::Gross")),
    )


def _charsets() -> Iterator[Case]:
    for name, charset in {
        "utf-7": "utf-7",
        "unknown": "klingon",
        "codec": "rot13",
        "bytes": "zlib",
        "sixteen": "utf-16",
    }.items():
        yield case(f"charset {name}", "an encoding that lies", page(BODY, f"<meta charset={charset}>"))
    yield case(
        "half pairs", "halves of pairs", b"\xff\xfe" + page(BODY).encode("utf-16-le") + b"\x00\xd8\x00"
    )
    yield case("no letters", "bytes that are no UTF-8", page(BODY).encode() + bytes(range(128, 256)) * 100)
    yield case("zeros", "zero bytes between the letters", page(BODY.replace("e", "e\0")))


def _hidden() -> Iterator[Case]:
    for style in (
        "display:none",
        "visibility:hidden",
        "font-size:0",
        "color:#fff",
        "position:absolute;left:-9999px",
        "opacity:0",
    ):
        yield case(
            f"hidden {style}", "an order that nobody sees", page(f'{BODY}<p style="{style}">{ORDER}</p>')
        )
    for number, text in enumerate(HOSTILE):
        yield case(
            f"words {number}",
            "hostile words in sight",
            page(f"{BODY}<p>{text}</p><table><tr><td>{text}<td>1<tr><td>2<td>3</table>"),
        )
    yield case(
        "titles",
        "hostile words about the page",
        page(BODY, f"<title>{HOSTILE[0]}{HOSTILE[2]}</title><meta name=author content='{ORDER}'>"),
    )
