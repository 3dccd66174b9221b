"""PDF → pages: words with boxes in reading order, blocks, tables (PDFium)."""

from esg.extract.pdf.read import open_pdf, read_metadata, read_pdf

__all__ = ["open_pdf", "read_metadata", "read_pdf"]
