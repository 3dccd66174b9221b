"""A scorecard over HTTP: canonical JSON, one HTML page that stands alone, or CSV."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from api import tags
from api.deps import House
from esg import report
from esg.domain import Scorecard

Format = Annotated[Literal["json", "html", "csv"], Query(alias="format", description="How to write it.")]


def answer(request: Request, house: House, data: bytes, *, kind: str, name: str) -> Response:
    """Answer with a scorecard, given as canonical JSON; 304 to whoever has it in this form already."""
    tag = tags.tag_of(data, kind)
    if known := tags.unchanged(request, tag):
        return known
    headers = dict(tags.headers(tag))
    if kind == "json":
        return Response(data, media_type="application/json", headers=headers)
    card = house.shelf.parsed(data)
    headers["Content-Disposition"] = f'attachment; filename="scorecard-{name}.{kind}"'
    if kind == "csv":
        return Response(report.to_csv([card]), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(_page(house, card), media_type="text/html", headers=headers)


def _page(house: House, card: Scorecard) -> str:
    shelf = house.shelf
    draw = report.all_pictures(card, lambda name: (shelf.original(name), shelf.pages(name)))
    return report.to_html(card, page_png=draw, rubric=shelf.rubric(card))
