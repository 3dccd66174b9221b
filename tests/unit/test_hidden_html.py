"""Words of a web page that nobody sees: left out of its text and counted; what can be seen stays."""

import pytest

from esg.extract.html import read_html

SEEN = "We report what can be seen."
SECRET = "Our targets are validated."
LETTERS = len(SECRET.replace(" ", ""))


def read(html: str) -> tuple[str, int]:
    pages = read_html(html.encode(), document_id="d" * 64, max_pages=10).pages
    return "\n".join(page.text for page in pages), sum(page.hidden for page in pages)


def page(secret: str, css: str = "") -> str:
    return f"<html><style>{css}</style><body><p>{SEEN}</p>{secret}</body></html>"


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility: hidden",
        "font-size:0",
        "font-size: 0.0em",
        "opacity:0",
        "position:absolute; left:-9999px",
        "text-indent:-9999px",
        "position:absolute; clip: rect(0, 0, 0, 0)",
        "height:0;overflow:hidden",
        "color:#fff",
        "color: white !important",
        "color:#fefefe;background-color:#FFFFFF",
        "color:rgb(0,0,128);background:navy;background:#000080",
    ],
)
def test_what_nobody_sees_is_left_out_and_counted(style: str) -> None:
    for html in (
        page(f'<div style="{style}"><p>{SECRET}</p></div>'),
        page(f'<div class="x">{SECRET}</div>', f".x {{ {style} }}"),
        page(f'<table><tr><td>a<td>b<tr><td>1<td>2<span style="{style}">{SECRET}</span></table>'),
    ):
        text, hidden = read(html)
        assert SEEN in text
        assert SECRET not in text
        assert hidden == LETTERS


@pytest.mark.parametrize(
    "secret",
    [
        f'<div style="background:#003366"><p style="color:#fff">{SECRET}</p></div>',
        f'<table bgcolor="#003366"><tr><td><font color="white">{SECRET}</font></td></tr></table>',
        f'<div style="background:url(a.png)"><p style="color:#fff">{SECRET}</p></div>',
        f'<p style="position:absolute;left:20px;color:#fff">{SECRET}</p>',
        f'<p style="opacity:0;transition:opacity 1s">{SECRET}</p>',
        f'<p style="text-indent:-20px;color:rgba(255,255,255,.5)">{SECRET}</p>',
        f'<p style="color:var(--ink)">{SECRET}</p>',
        f'<p style="overflow:hidden;height:100px">{SECRET}</p>',
    ],
)
def test_what_is_seen_is_read(secret: str) -> None:
    text, hidden = read(page(secret))

    assert SECRET in text
    assert hidden == 0


def test_a_paper_that_is_painted_by_what_is_not_followed_may_be_dark() -> None:
    text, _ = read(page(f'<p style="color:#fff">{SECRET}</p>', "main > p { background: #000 }"))

    assert SECRET in text


def test_the_head_of_inline_xbrl_hides_nothing() -> None:
    text, hidden = read(page(f'<div style="display:none"><ix:header>{SECRET}</ix:header></div>'))

    assert (text, hidden) == (SEEN, 0)
