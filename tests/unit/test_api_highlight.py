"""text + query → pieces: the words that retrieval takes for the query's are marked, nothing is lost."""

import pytest

from api.highlight import pieces


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Total energy consumption fell", "energy consumption", ["energy", "consumption"]),
        ("Targets and a target", "TARGETS", ["Targets", "target"]),
        ("CO₂ was 1,234 t", "co2 1,234", ["CO₂", "1,234"]),
        ("温室气体排放", "排放", ["温室气体排放"]),
        ("<b>energy</b> & more", "energy", ["energy"]),
        ("nothing here", "energy", []),
        ("", "energy", []),
    ],
)
def test_words_are_marked(text: str, query: str, found: list[str]) -> None:
    made = pieces(text, query)
    assert [piece.words for piece in made if piece.is_found] == found
    assert "".join(piece.words for piece in made) == text
