"""Display of hostile words: hidden characters are shown, never acted on."""

import pytest

from esg.report import one_line, visible


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("plain – Größe 株式会社 👩‍🏭", "plain – Größe 株式会社 👩‍🏭"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("no\x00thing\x7f", "no␀thing␡"),
        ("pay \u202e001\u202c", "pay ⟨U+202E⟩001⟨U+202C⟩"),
        ("hid\u200bden\ufeff", "hid⟨U+200B⟩den⟨U+FEFF⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("c1\x9b", "c1⟨U+009B⟩"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("line\u2028break", "line\nbreak"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_hidden_characters_are_shown(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n b\t c\u2028d ") == "a b c d"
    assert one_line("abcdefgh", limit=5) == "abcd…"
