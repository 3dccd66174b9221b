"""text -> tokens of the BERT family (Devlin et al. 2019): lower-cased words and pieces of words."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import BertProcessing

from esg.embed import pinned

VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_UNKNOWN = "[UNK]"
_LONGEST_WORD = 100  # characters; a longer one is unknown, as in the original tokenizer
_WORDS_KNOWN = 32_768  # 13 MiB; a report has some 7,000
_LONGEST_KNOWN = 40  # characters: what is longer, as a line of Chinese, does not come again
# Unicode's White_Space less control characters, which the model's normalizer takes out: they part no word.
_WORD = re.compile(r"[^ \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


class _Word(NamedTuple):
    """The tokens between two blanks, and where each lies in them."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


class WordPieceTokenizer:
    """The tokenizer of all-MiniLM-L6-v2, read when first used; safe to share between threads.

    No token reaches over a blank, and a report has few words that it has not had before: each is cut up once.
    """

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [
            (place + start, place + end)
            for word in _WORD.finditer(text)
            for place in (word.start(),)
            for start, end in self._word(word[0]).offsets
        ]

    def encode(self, text: str) -> list[int]:
        """Number the tokens of a text, the markers before and after it included."""
        words = (self._word(word).ids for word in _WORD.findall(text))
        begin, end = self._markers
        return [begin, *chain.from_iterable(words), end]

    def _word(self, word: str) -> _Word:
        return self._known(word) if len(word) <= _LONGEST_KNOWN else self._cut(word)

    def _cut(self, word: str) -> _Word:
        cut = self._model.encode(word, add_special_tokens=False)
        return _Word(tuple(cut.ids), tuple(cut.offsets))

    @cached_property
    def _known(self) -> Callable[[str], _Word]:
        return lru_cache(_WORDS_KNOWN)(self._cut)

    @cached_property
    def _markers(self) -> list[int]:
        return self._model.encode("").ids

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
