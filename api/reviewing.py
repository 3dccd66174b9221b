"""A form on a page → an analyst's review of what the scorecard says now."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from starlette.datastructures import FormData

from api.deps import House
from api.problems import Problem
from api.schemas import Strict, Year
from esg.domain import Kpi, Scorecard
from esg.kpi import figure_key
from esg.state import Kind, Review, ReviewRecord, Verdict, counting

LONGEST_AUTHOR = 80  # characters
LONGEST_NOTE = 2000
LONGEST_QUOTE = 2000


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Level = Annotated[int | None, Field(ge=0, le=4), BeforeValidator(_blank_is_none)]
Number = Annotated[float | None, Field(allow_inf_nan=False), BeforeValidator(_blank_is_none)]


class ReviewForm(Strict):
    """What the forms send; which fields count depends on the kind."""

    kind: Kind
    subject: str = Field(pattern="^[0-9A-Za-z_-]{1,64}$")
    verdict: Verdict
    author: str = Field(min_length=1, max_length=LONGEST_AUTHOR)
    note: str = Field(default="", max_length=LONGEST_NOTE)
    level: Level = None
    low: Level = None
    high: Level = None
    quote: str = Field(default="", max_length=LONGEST_QUOTE)
    value: Number = None
    unit: str = Field(default="", max_length=40)
    year: Annotated[Year | None, BeforeValidator(_blank_is_none)] = None

    @model_validator(mode="after")
    def _is_whole(self) -> "ReviewForm":
        if self.verdict is not Verdict.CORRECT:
            return self
        wanted = {Kind.LEVEL: self.level, Kind.QUOTE: self.quote.strip() or None, Kind.KPI: self.value}
        if wanted[self.kind] is None:
            raise ValueError("say what is right instead")
        if self.kind is Kind.LEVEL and not self.band[0] <= (self.level or 0) <= self.band[1]:
            raise ValueError("the level must lie between the lowest and the highest")
        return self

    @property
    def band(self) -> tuple[int, int]:
        """The lowest and the highest level that could be defended."""
        level = self.level or 0
        return level if self.low is None else self.low, level if self.high is None else self.high

    @property
    def author_cookie(self) -> str:
        return quote(self.author)


def author_of(cookie: str) -> str:
    """The name that a browser kept from its last review."""
    return unquote(cookie)[:LONGEST_AUTHOR]


def checked(form: FormData) -> ReviewForm:
    """Read a form; raises RequestValidationError, which becomes a problem document."""
    try:
        return ReviewForm.model_validate({k: v.strip() for k, v in form.items() if isinstance(v, str)})
    except ValidationError as error:
        found = [{**told, "loc": ("form", *told["loc"])} for told in error.errors()]
        raise RequestValidationError(found) from error


def review(house: House, document_id: str, form: ReviewForm) -> Review:
    """Put what the scorecard says now beside what the analyst says; a Problem where it says no such thing."""
    said, corrected = _SIDES[form.kind](house.shelf.card(document_id), form)
    return Review(
        document_id=document_id,
        kind=form.kind,
        subject=form.subject,
        verdict=form.verdict,
        author=form.author,
        said=said,
        corrected=corrected if form.verdict is Verdict.CORRECT else {},
        note=form.note,
    )


def counting_of(house: House, document_id: str) -> dict[tuple[Kind, str], ReviewRecord]:
    """The reviews of a document that count, by kind and subject."""
    found = counting(house.state.reviews(document_id))
    return {(kind, subject): record for (_, kind, subject), record in found.items()}


def place_of(review: Review) -> str:
    """The address of what a review is about."""
    here = f"/documents/{review.document_id}"
    if review.kind is Kind.LEVEL:
        return f"{here}#theme-{review.subject}"
    evidence = review.subject if review.kind is Kind.QUOTE else review.said["evidence"]
    return f"{here}/evidence/{evidence}#reviews"


Sides = tuple[dict[str, Any], dict[str, Any]]  # what was said, what it should be


def _level(card: Scorecard, form: ReviewForm) -> Sides:
    theme = next((theme for theme in card.themes if theme.code == form.subject), None)
    if theme is None:
        raise _gone(form)
    quotes = {e.id: e for e in card.evidence}
    evidence = [{"id": i, "page": quotes[i].page, "quote": quotes[i].quote} for i in theme.evidence]
    low, high = form.band
    said = {"level": theme.level, "confidence": theme.confidence, "evidence": evidence}
    return said, {"level": form.level, "low": low, "high": high}


def _quote(card: Scorecard, form: ReviewForm) -> Sides:
    found = next((e for e in card.evidence if e.id == form.subject), None)
    if found is None:
        raise _gone(form)
    return {"quote": found.quote, "page": found.page}, {"quote": form.quote}


def _kpi(card: Scorecard, form: ReviewForm) -> Sides:
    kpi = next((kpi for kpi in card.kpis if figure_key(kpi) == form.subject), None)
    if kpi is None:
        raise _gone(form)
    year = form.year if form.year is not None else kpi.fiscal_year
    said = {
        "kpi": kpi.kpi,
        "value": kpi.value,
        "unit": kpi.unit,
        "year": _fiscal(kpi),
        "page": kpi.page,
        "quote": kpi.quote,
        "evidence": kpi.evidence,
    }
    return said, {"value": form.value, "unit": form.unit or kpi.unit, "year": str(year or kpi.period)}


def _fiscal(kpi: Kpi) -> str:
    return str(kpi.fiscal_year or kpi.period)


def _gone(form: ReviewForm) -> Problem:
    return Problem(
        404,
        f"The scorecard has no {form.kind.value} {form.subject}.",
        code="no_such_subject",
        next_step="It may have been scored again; load its page anew.",
    )


_SIDES: Mapping[Kind, Callable[[Scorecard, ReviewForm], Sides]] = {
    Kind.LEVEL: _level,
    Kind.QUOTE: _quote,
    Kind.KPI: _kpi,
}
