"""Load what the first page would wait for: the templates, and the thousands of patterns of the rubric."""

import threading
from contextlib import suppress

from api.deps import House
from api.pages import TEMPLATES
from esg.errors import EsgError
from esg.lake import gold


def begin(house: House) -> None:
    """Load it beside the first requests, which need none of it."""
    threading.Thread(target=load, args=(house,), name="warm", daemon=True).start()


def load(house: House) -> None:
    """Load it now; a rubric that cannot be used is told to whoever needs it."""
    for name in TEMPLATES.list_templates(extensions=["j2"]):
        TEMPLATES.get_template(name)
    gold.tables(())  # the first table made loads pandas, where that is installed
    with suppress(EsgError):
        house.resources.rubric_key(house.settings.rubric)
