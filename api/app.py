"""settings → the application: the only place that puts the API together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api import openapi, problems
from api.deps import House
from api.guard import Guard
from api.heads import Heads
from api.history import Histories
from api.metrics import Metrics
from api.observe import Observe
from api.page_images import PageImages
from api.progress import Progress
from api.publisher import Publisher
from api.routes import companies, docs, documents, health, jobs, scores, search, web
from api.shelf import Shelf
from esg.resources import Resources, open_resources
from esg.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Build the application; nothing is opened before the first request that needs it."""
    house = open_house(settings)
    app = FastAPI(
        title="esg",
        version=version("esg-engine"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.house = house
    for noun in (documents, jobs, scores, companies, search, health, docs, web):
        app.include_router(noun.router)
    problems.handle_all(app)
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    app.add_middleware(Heads)  # added first: inside of everything
    app.add_middleware(
        Guard, any_host=settings.api_trusted_network, max_document_bytes=settings.max_document_bytes
    )
    app.add_middleware(Observe, metrics=house.metrics)  # added last: around everything
    return app


def open_house(settings: Settings) -> House:
    resources: Resources = open_resources(settings)
    metrics = Metrics()
    metrics.observe_state(resources)
    return House(
        settings=settings,
        resources=resources,
        metrics=metrics,
        publisher=Publisher(resources, metrics),
        images=PageImages(settings.home / "pages"),
        shelf=Shelf(resources),
        progress=Progress(resources),
        histories=Histories(resources),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    house.publisher.start()
    yield
    house.publisher.stop()
