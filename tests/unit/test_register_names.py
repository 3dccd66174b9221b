"""Names, LEIs and what is like what: pure, by tables and by invention."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.register import Book, How, Match, RegisteredCompany, bare, find_lei, is_lei, key
from esg.register.match import is_like, is_one_letter_off

ALLIANZ = "529900K9B0N5BT694847"
SIEMENS = "W38RGI023J3WT1HWRP32"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ACME A.G.", "acme ag"),
        ("Acme Aktiengesellschaft", "acme ag"),
        ("Société Générale S.A.", "societe generale sa"),
        ("J Sainsbury's p.l.c.", "j sainsburys plc"),
        ("Toyota Motor Co., Ltd.", "toyota motor ltd"),
        ("Marks & Spencer Group plc", "marks and spencer group plc"),
        ("Henkel AG & Co. KGaA", "henkel ag and co kgaa"),
        ("Ørsted A/S", "orsted a s"),
        ("PT Bank Central Asia Tbk", "bank central asia tbk"),
        ("Merck & Co., Inc.", "merck and co inc"),
        ("SE", "se"),
        ("三菱商事", "三菱商事"),
        ("\N{MATHEMATICAL BOLD CAPITAL A}cme AG", "acme ag"),  # a letter that is no capital until it is plain
        ("\N{LATIN CAPITAL LETTER O WITH STROKE AND ACUTE}rsted A/S", "orsted a s"),
        ("", ""),
    ],
)
def test_a_name_is_compared_by_its_words_and_legal_form(name: str, expected: str) -> None:
    assert key(name) == expected


@pytest.mark.parametrize("name", ["Acme AG", "ACME, Inc.", "acme p.l.c.", "Acmé S.p.A.", "The Acme Limited"])
def test_without_its_legal_form_it_is_its_words(name: str) -> None:
    assert bare(name) == "acme"


@given(st.text(max_size=40))
def test_normalising_twice_is_normalising_once(name: str) -> None:
    assert key(key(name)) == key(name)
    assert bare(bare(name).upper()) == bare(bare(name))


def with_check_digits(body: str) -> str:
    number = int("".join(str(int(c, 36)) for c in body + "00"))
    return f"{body}{98 - number % 97:02d}"


bodies = st.text(string.ascii_uppercase + string.digits, min_size=18, max_size=18)


@given(bodies, st.integers(0, 19), st.sampled_from(string.digits))
def test_check_digits_find_every_wrong_digit(body: str, place: int, digit: str) -> None:
    lei = with_check_digits(body)
    wrong = lei[:place] + digit + lei[place + 1 :]

    assert is_lei(lei)
    assert is_lei(wrong) == (wrong == lei) or not lei[place].isdigit()


def test_an_lei_is_found_where_a_text_prints_one_and_only_one() -> None:
    assert find_lei([f"LEI: {ALLIANZ}.", ALLIANZ]) == ALLIANZ
    assert find_lei([f"LEI: {ALLIANZ} and {SIEMENS}"]) == ""
    assert find_lei([f"X{ALLIANZ}", "529900K9B0N5BT694848"]) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volkswagen Group", "Volkswagen AG"),
        ("Deutsche Telecom", "Deutsche Telekom AG"),
        ("Black Rock", "BlackRock, Inc."),
        ("Muenchener Rück", "Münchener Rück AG"),
        ("Anglo Amercian plc", "Anglo American plc"),
    ],
)
def test_one_name_spelt_differently(one: str, other: str) -> None:
    assert is_like(one, other)
    assert is_like(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Compass, Inc.", "Compass Group PLC"),
        ("Deutsche Bank AG", "Deutsche Bahn AG"),
        ("General Motors", "General Mills"),
        ("Bank of America", "Bank of Africa"),
        ("Allianz SE", "Allianz Real Estate"),
        ("Man Group", "MAN"),
        ("Aegon", "Argon"),
        ("Acme Property Fund 1", "Acme Property Fund 2"),
        ("Merck KGaA", "Merck & Co., Inc."),
        ("ING Group", "ING Bank"),
    ],
)
def test_two_companies_are_not_like(one: str, other: str) -> None:
    assert not is_like(one, other)
    assert not is_like(other, one)


letters = st.text("abc", min_size=1, max_size=7)


@given(letters, letters)
def test_one_letter_off_is_what_one_edit_makes(one: str, other: str) -> None:
    places = range(len(one))
    left_out = {one[:at] + one[at + 1 :] for at in places}
    added = {one[:at] + c + one[at:] for at in range(len(one) + 1) for c in "abc"}
    exchanged = {one[:at] + c + one[at + 1 :] for at in places for c in "abc"}
    swapped = {one[:at] + one[at : at + 2][::-1] + one[at + 2 :] for at in places}

    assert is_one_letter_off(one, other) == (other in (left_out | added | exchanged | swapped) - {one})


REGISTER = (
    RegisteredCompany("acme-ag", "Acme AG", ("Acme Mobility",), lei=ALLIANZ, domain="acme.example"),
    RegisteredCompany("merck-kgaa", "Merck KGaA"),
    RegisteredCompany("merck-and-co-inc", "Merck & Co., Inc.", ("Merck Inc.",)),
    RegisteredCompany("anglo-american-plc", "Anglo American plc"),
)


@pytest.mark.parametrize(
    ("name", "about", "expected"),
    [
        ("ACME", {}, ("acme-ag", How.NAME)),
        ("acme mobility", {}, ("acme-ag", How.NAME)),
        ("Merck KGaA", {}, ("merck-kgaa", How.NAME)),
        ("Merck", {}, None),  # two companies
        ("Merck", {"lei": ALLIANZ}, ("acme-ag", How.LEI)),
        ("Who knows", {"lei": ALLIANZ}, ("acme-ag", How.LEI)),
        ("Who knows", {"source": "https://reports.acme.example/2024.pdf"}, ("acme-ag", How.DOMAIN)),
        ("Who knows", {"source": "https://notacme.example/2024.pdf"}, None),
        ("Who knows", {"source": "acme.example/2024.pdf"}, None),  # a path
        ("Anglo Amercian", {}, ("anglo-american-plc", How.LIKENESS)),
        ("", {}, None),
    ],
)
def test_a_document_is_matched_or_left_unmatched(
    name: str, about: dict[str, str], expected: tuple[str, How] | None
) -> None:
    assert Book(REGISTER).match(name, **about) == (Match(*expected) if expected else None)


@given(st.lists(st.text("abc", min_size=8, max_size=13), min_size=1, max_size=8, unique=True), st.data())
def test_whatever_names_there_are_the_one_that_is_alike_is_found(
    names: list[str], data: st.DataObject
) -> None:
    """Of a length at which a letter may be off, and of one at which none may."""
    base, place = data.draw(st.sampled_from(names)), data.draw(st.integers(0, 13))
    edits = [
        base[:place] + base[place + 1 :],
        base[:place] + data.draw(st.sampled_from("abcd")) + base[place:],
        base[:place] + data.draw(st.sampled_from("abcd")) + base[place + 1 :],
        base[:place] + base[place : place + 2][::-1] + base[place + 2 :],
    ]
    name = data.draw(st.sampled_from(edits))
    alike = {known for known in names if is_like(name, known)}

    match = Book(RegisteredCompany(known, known) for known in names).match(name)

    assert match == (Match(name, How.NAME) if name in names else _only(alike))


def _only(alike: set[str]) -> Match | None:
    return Match(min(alike), How.LIKENESS) if len(alike) == 1 else None


@given(st.sampled_from(REGISTER), st.integers(0, 40), st.sampled_from(string.ascii_lowercase))
def test_the_index_finds_all_that_is_alike(company: RegisteredCompany, place: int, letter: str) -> None:
    name = company.name[:place] + letter + company.name[place:]
    alike = {other.slug for other in REGISTER for known in other.names if is_like(name, known)}

    match = Book(REGISTER).match(name)

    assert match is None or match.how is How.NAME or {match.slug} == alike
    assert match is not None or len(alike) != 1
