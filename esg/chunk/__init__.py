"""pages -> chunks."""

from esg.chunk.tokenizer import Tokenizer

__all__ = ["Tokenizer"]
