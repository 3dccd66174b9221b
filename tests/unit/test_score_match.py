"""Where the patterns of a cue stand together: the shortest stretch there is."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from esg.score.match import narrowest

PLACES = st.builds(lambda start, length: (start, start + length), st.integers(0, 30), st.integers(1, 6))


@given(st.lists(st.lists(PLACES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_it_is_the_shortest_of_all_there_are_and_the_first_of_equal_ones(
    found: list[list[tuple[int, int]]],
) -> None:
    stretches = [(min(s for s, _ in chosen), max(e for _, e in chosen)) for chosen in product(*found)]

    assert narrowest(found) == min(stretches, key=lambda place: (place[1] - place[0], place[0]))
