"""scorecard → one HTML page that stands alone: no script, no external request, every word escaped.

The page's own policy (a CSP meta tag) allows its one style sheet, by hash, and images that are in it.
"""

import base64
import struct
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import NamedTuple

import jinja2
from markupsafe import Markup

from esg.domain import Evidence, Scorecard
from esg.report import names
from esg.report.radar import radar
from esg.report.text import visible
from esg.report.view import view
from esg.rubric import Rubric


class Image(NamedTuple):
    """An image of a quote on its page: `width` and `height` in pixels."""

    src: str
    width: int
    height: int


def to_html(
    scorecard: Scorecard,
    *,
    page_png: Callable[[Evidence], bytes] | None = None,
    rubric: Rubric | None = None,
) -> str:
    """Write the page; `page_png` draws the image of a quote, b"" for none."""
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            v=view(scorecard, rubric),
            radar=radar(scorecard.themes),
            picture=lambda evidence: embedded(page_png(evidence)) if page_png else None,
            style=Markup(style()),  # noqa: S704  # nosec B704  # our own file
            policy=policy(style()),
        )
    )


def embedded(png: bytes) -> Image | None:
    """Put a PNG into the page as a data URI; no bytes, no picture."""
    if not png:
        return None
    width, height = struct.unpack(">II", png[16:24])  # the IHDR chunk comes first
    return Image(f"data:image/png;base64,{base64.b64encode(png).decode()}", width, height)


def policy(sheet: str) -> str:
    """The Content-Security-Policy of a page: its one style sheet, images, nothing else."""
    digest = base64.b64encode(sha256(sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'none'; base-uri 'none'"
    )


@cache
def style() -> str:
    """The style sheet as it stands between <style> and </style>."""
    return (resources.files("esg.report") / "templates/report.css").read_text("utf-8")


@cache
def environment(package: str = "esg.report", folder: str = "templates") -> jinja2.Environment:
    """Open a package's templates: all is escaped, hidden characters show, an unknown name is an error."""
    env = jinja2.Environment(
        loader=jinja2.PackageLoader(package, folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    env.globals["names"] = names
    return env


def _finalize(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
