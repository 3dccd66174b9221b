"""The pages for people with a browser, with or without JavaScript."""

from fastapi import APIRouter

from api.routes.web import assets, companies, compare, evidence, home, printed, reviews, scorecard, search

router = APIRouter(include_in_schema=False)
for _noun in (assets, home, scorecard, evidence, printed, companies, compare, search, reviews):
    router.include_router(_noun.router)
