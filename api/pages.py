"""Templates of `web/` → pages under the same policy as a report: no script, nothing from elsewhere."""

from functools import cache
from importlib import resources
from typing import Any

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from esg import report


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill a template; every value is escaped and its hidden characters are shown."""
    sheet = _sheet()
    template = report.environment("api", "web").get_template(name)
    html = template.render(style=Markup(sheet), **({"error": ""} | values))  # noqa: S704 (our own file)
    headers = {
        "Content-Security-Policy": report.policy(sheet, served=True),
        "Cache-Control": "no-store",
        "Vary": "Accept",
    }
    return HTMLResponse(html, status, headers=headers)


@cache
def _sheet() -> str:
    return report.style() + (resources.files("api") / "web" / "web.css").read_text("utf-8")
