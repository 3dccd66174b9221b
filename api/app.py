"""settings → the application: the only place that puts the API together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from anyio import to_thread
from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api import openapi, problems, warm
from api.deps import House
from api.drawing_slots import DrawingSlots
from api.gate import Gate
from api.guard import Guard
from api.heads import Heads
from api.history import Histories
from api.mcp.door import Door
from api.metrics import Metrics
from api.observe import Observe
from api.page_images import PageImages
from api.progress import Progress
from api.publisher import Publisher, url_of
from api.rates import SharedRates
from api.routes import companies, compare, docs, documents, health, jobs, score, scores, search, web
from api.shelf import AtHand, Shelf
from esg import tracing
from esg.door import refuse_without_key
from esg.hosts import words
from esg.resources import Resources, open_resources
from esg.settings import Settings

# Of Python's threads one works at a time: forty (the default) that wait for their turn after a hold-up answer
# more slowly than requests come, and it never ends. A browser asks for six pictures at once: those that are
# drawn already are answered by these threads, the others wait for one of their own (api/drawing_slots.py).
THREADS = 10


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
    for noun in (documents, jobs, scores, companies, compare, search, score, health, docs, web):
        app.include_router(noun.router)
    rates = SharedRates(partial(url_of, settings), house.metrics)
    app.state.mcp = Door(house, rates)
    app.router.routes.append(app.state.mcp.route)
    problems.handle_all(app)
    app.openapi = lambda: openapi.describe(app)  # type: ignore[method-assign]
    app.add_middleware(Heads)  # added first: inside of everything
    app.add_middleware(Gate, resources=house.resources, rates=rates, metrics=house.metrics)
    app.add_middleware(Guard, settings=settings)
    if settings.api_trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=words(settings.api_trusted_proxies))
    # added last: around everything
    app.add_middleware(Observe, metrics=house.metrics, ratio=settings.trace_ratio)
    return app


def open_house(settings: Settings) -> House:
    resources: Resources = open_resources(settings)
    metrics = Metrics()
    metrics.observe_state(resources)
    metrics.observe_broker(partial(url_of, settings))
    return House(
        settings=settings,
        resources=resources,
        metrics=metrics,
        publisher=Publisher(resources, metrics),
        images=PageImages(settings.home / "pages"),
        drawing=DrawingSlots(),
        progress=Progress(resources),
        shelf=Shelf(resources, AtHand(resources)),
        histories=Histories(resources),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    tracing.start(house.settings.exporting, service="esg-api")
    refuse_without_key(house.resources)  # here as well as in __main__: any ASGI server may run this
    house.publisher.start()
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    warming = warm.begin(house)
    async with app.state.mcp.run():
        yield
    warming.cancel()
    house.publisher.stop()
    tracing.flush()
