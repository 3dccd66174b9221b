"""document → pages: text with offsets and boxes, read in a sandbox."""

from esg.extract.base import VERSION, Extraction, ParseLimits
from esg.extract.document import extract
from esg.extract.render import Picture, render, render_many

__all__ = ["VERSION", "Extraction", "ParseLimits", "Picture", "extract", "render", "render_many"]
