"""Word documents (Office Open XML, ISO/IEC 29500) → pages, laid out as web pages are."""

from esg.extract.docx.document import read_docx

__all__ = ["read_docx"]
