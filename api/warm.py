"""Load what the first page or call would wait for: templates, the patterns of the rubric, MCP."""

import threading
from contextlib import suppress
from importlib import import_module

from api.deps import House
from api.pages import TEMPLATES
from esg.errors import EsgError
from esg.lake import gold

BEGIN_SECONDS = 3.0  # a report that is sent as soon as the API is there would share the interpreter with this


def begin(house: House) -> threading.Timer:
    """Load it in a while, beside requests that need none of it; the timer may be cancelled until then."""
    timer = threading.Timer(BEGIN_SECONDS, load, (house,))
    timer.name, timer.daemon = "warm", True
    timer.start()
    return timer


def load(house: House) -> None:
    """Load it now; a rubric that cannot be used is told to whoever needs it."""
    for name in TEMPLATES.list_templates(extensions=["j2"]):
        TEMPLATES.get_template(name)
    import_module("api.mcp.server")
    gold.tables(())  # the first table made loads pandas, where that is installed
    with suppress(EsgError):
        house.resources.rubric_key(house.settings.rubric)
