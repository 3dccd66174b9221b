"""scorecard → the order in which its quotes are walked through."""

from api.ordering import walk
from tests.fakes.scorecards import scorecard


def test_all_quotes_come_in_the_order_of_the_pages() -> None:
    card = scorecard()
    found = walk(card, "", card.evidence[0].id)
    pages = {e.id: e.page for e in card.evidence}
    assert sorted(found.ids) == sorted(pages)
    assert [pages[i] for i in found.ids] == sorted(pages.values())


def test_the_quotes_of_a_theme_come_by_criterion_once_each() -> None:
    card = scorecard()
    theme = card.themes[0]
    found = walk(card, theme.code, theme.evidence[0])
    cited = [quote for criterion in theme.criteria for quote in criterion.evidence]
    assert found.of == theme.code
    assert found.ids == tuple(dict.fromkeys([*cited, *theme.evidence]))


def test_a_quote_knows_its_neighbours() -> None:
    card = scorecard()
    found = walk(card, "", card.evidence[0].id)
    first, second, last = found.ids[0], found.ids[1], found.ids[-1]
    assert (found.beside(first, -1), found.beside(first, 1), found.beside(last, 1)) == (None, second, None)
    assert (found.place(first), found.place(last)) == (1, len(card.evidence))


def test_a_quote_that_is_not_of_what_was_asked_for_is_walked_among_all() -> None:
    card = scorecard()
    stranger = next(
        e.id for e in card.evidence if e.id not in walk(card, "GHG", card.themes[3].evidence[0]).ids
    )
    assert walk(card, "GHG", stranger).of == ""
    assert walk(card, "<script>", stranger).of == ""
