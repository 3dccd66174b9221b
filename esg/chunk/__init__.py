"""pages -> chunks: what is embedded, retrieved and quoted from."""

from esg.chunk.document import VERSION, chunk
from esg.chunk.sentences import sentences
from esg.chunk.tokenizer import Tokenizer

__all__ = ["VERSION", "Tokenizer", "chunk", "sentences"]
