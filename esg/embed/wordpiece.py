"""text -> tokens of the BERT family (Devlin et al. 2019): lower-cased words and pieces of words."""

from functools import cached_property
from importlib.resources import files

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

from esg.embed import pinned

VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_UNKNOWN = "[UNK]"
_LONGEST_WORD = 100  # characters; a longer one is unknown, as in the original tokenizer


class WordPieceTokenizer:
    """The tokenizer of all-MiniLM-L6-v2, read when first used; safe to share between threads."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return self._model.encode(text, add_special_tokens=False).offsets

    def encode(self, text: str) -> list[int]:
        """Number the tokens of a text, the markers before and after it included."""
        return self._model.encode(text).ids

    @cached_property
    def _model(self) -> Tokenizer:
        vocabulary = _vocabulary()
        model = Tokenizer(WordPiece(vocabulary, unk_token=_UNKNOWN, max_input_chars_per_word=_LONGEST_WORD))
        model.normalizer = BertNormalizer(lowercase=True)
        model.pre_tokenizer = BertPreTokenizer()
        model.post_processor = BertProcessing(("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"]))
        return model


def _vocabulary() -> dict[str, int]:
    data = files("esg.embed").joinpath("data/vocab.txt").read_bytes()
    pinned.check("esg/embed/data/vocab.txt", data, sha256=VOCABULARY_SHA256)
    return {piece: number for number, piece in enumerate(data.decode().rstrip("\n").split("\n"))}
