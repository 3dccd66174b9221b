"""A form → a review: what is not said, or cannot be, is refused with a reason."""

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData

from api.reviewing import author_of, checked

FORM = {
    "kind": "level",
    "subject": "TSP",
    "verdict": "correct",
    "author": " Ada  ",
    "level": "3",
    "low": "",
    "high": "",
}


def test_blank_fields_are_not_given() -> None:
    form = checked(FormData(FORM))
    assert (form.level, form.band, form.author) == (3, (3, 3), "Ada")
    assert author_of(form.author_cookie) == "Ada"


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": ""},
        {"level": "5"},
        {"level": "3", "low": "4"},
        {"level": "3", "high": "2"},
        {"author": " "},
        {"verdict": "maybe"},
        {"subject": "../x"},
        {"kind": "quote", "quote": " "},
        {"kind": "kpi", "value": "nan"},
        {"kind": "kpi", "value": "1e999"},
        {"kind": "kpi", "value": "1", "year": "20245"},
        {"note": "x" * 2001},
        {"surprise": "1"},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(RequestValidationError):
        checked(FormData(FORM | wrong))


def test_who_accepts_need_not_say_more() -> None:
    form = checked(
        FormData({"kind": "kpi", "subject": "ab", "verdict": "accept", "author": "Ada", "value": ""})
    )
    assert form.value is None


def test_any_name_fits_into_the_cookie_and_comes_back() -> None:
    name = "\N{GRINNING FACE}" * 80
    form = checked(FormData(FORM | {"author": name}))
    assert form.author_cookie.isascii()
    assert author_of(form.author_cookie) == name
    assert len(author_of("x" * 5000)) == 80
