"""Templates of `web/` → pages: everything escaped, nothing inline, nothing from another host."""

from typing import Any

from fastapi.responses import HTMLResponse

from api import assets
from esg import report

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


TEMPLATES = report.environment("api", "web")


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill a template; every value is escaped and its hidden characters are shown."""
    html = TEMPLATES.get_template(name).render(asset=assets.address, **({"error": "", "here": ""} | values))
    headers = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept",
    }
    return HTMLResponse(html, status, headers=headers)
