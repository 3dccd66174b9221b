"""pages and metadata → whose report it is, which year it covers, what it is called: all guessed."""

from esg.extract.identity.front import About, read_front
from esg.extract.identity.glance import Glance, glances, legible
from esg.extract.identity.identify import identify
from esg.extract.identity.title import guess_title

__all__ = ["About", "Glance", "glances", "guess_title", "identify", "legible", "read_front"]
