"""A web page → pages of the same make as a PDF's: text, offsets, boxes, tables."""

from esg.extract.html.document import read_html

__all__ = ["read_html"]
