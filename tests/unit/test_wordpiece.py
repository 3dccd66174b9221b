"""Words that are cut up once give what the library gives for whole texts."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers.implementations import BertWordPieceTokenizer

from esg.embed.wordpiece import WordPieceTokenizer

OURS = WordPieceTokenizer()
WHOLE = BertWordPieceTokenizer(str(files("esg.embed").joinpath("data/vocab.txt")), lowercase=True)
LETTERS = st.characters(exclude_categories=["Cs"])
SPECIAL = ("[SEP]", "[CLS]", "[UNK]", "[PAD]", "[MASK]")  # words as others to ours: a report may print them


def assert_as_whole(text: str) -> None:
    whole = WHOLE.encode(text)
    assert OURS.encode(text) == whole.ids
    assert OURS.offsets(text) == WHOLE.encode(text, add_special_tokens=False).offsets


@given(st.text(LETTERS).filter(lambda text: not any(map(text.__contains__, SPECIAL))))
def test_any_text(text: str) -> None:
    assert_as_whole(text)


@given(
    st.lists(
        st.sampled_from(["Scope", "CO₂e", "naïve", "re\u0301sume\u0301", "1 234,5", "範疇一", "ﬁ", "Σ"])
    ),
    LETTERS,
)
def test_words_that_come_again_whatever_is_between(words: list[str], between: str) -> None:
    assert_as_whole(between.join(words))
    assert_as_whole(f" {between}".join(words))


# What is a blank to Unicode and none here, and the reverse; what is no letter at the edge of a word.
@pytest.mark.parametrize(
    "letter", [*"\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u2028\u3000", *"\u200b\ufeff\u0301\x00\ufffd"]
)
def test_letters_that_others_take_for_blanks(letter: str) -> None:
    for text in (f"ab{letter}cd", f"ab {letter}cd", f"ab{letter} cd", f"{letter}ab", f"ab{letter}"):
        assert_as_whole(text)


@pytest.mark.parametrize("length", [39, 40, 41, 100, 101])
def test_words_too_long_to_be_remembered(length: int) -> None:
    assert_as_whole(f"before {'e' * length} after {'e' * length}")
