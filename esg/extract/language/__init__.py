"""text → language."""

from esg.extract.language.detect import detect

__all__ = ["detect"]
