"""/health /live /ready /metrics: for machines that ask all day."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import choose_encoder

from api import schemas
from api.deps import House, OpenHouse, Operator
from api.problems import Problem
from api.publisher import url_of
from esg import broker
from esg.embed.local import Part, parts
from esg.errors import EsgError, Transient

router = APIRouter(tags=["operation"])
logger = logging.getLogger("esg.api")


@router.get("/health", response_model=schemas.Health)
async def health() -> schemas.Health:
    """Whether the process answers."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return schemas.Health(service="esg-api", timestamp=now)


@router.get("/live", response_model=schemas.Live)
async def live() -> schemas.Live:
    """Whether the process need not be restarted."""
    return schemas.Live()


@router.get("/ready", response_model=schemas.Ready, responses={503: {"model": schemas.ProblemDocument}})
def ready(house: OpenHouse) -> schemas.Ready:
    """Whether broker, database, store and model really answer; 503 names the parts that do not."""
    failing = {part: reason for part, check in CHECKS.items() if (reason := _reason(check, house))}
    if failing:
        raise not_ready(failing)
    return schemas.Ready()


def not_ready(failing: Mapping[str, str]) -> Problem:
    """The answer while parts do not work; gives why of each."""
    return Problem(
        503,
        "; ".join(f"{part}: {reason}" for part, reason in failing.items()),
        code="not_ready",
        next_step="Look with `esg doctor`.",
        headers={"Retry-After": "5"},
        failing=sorted(failing),
    )


@router.get("/metrics", response_class=Response, include_in_schema=False)
def metrics(caller: Operator, house: OpenHouse, request: Request) -> Response:
    """What Prometheus scrapes; in OpenMetrics, which it asks for, with a trace beside a slow request."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(house.metrics.registry), media_type=media_type)


def _broker(house: House) -> None:
    url = url_of(house.settings)
    if not url:
        raise Transient("no broker runs")
    if not broker.connect(url).ping():
        raise Transient("the broker does not answer")


def _database(house: House) -> None:
    house.state.ping()


def _store(house: House) -> None:
    house.resources.lake.probe()
    house.resources.store.size()


def _model(house: House) -> None:
    """The model's files are the pinned ones; read again only when they were touched."""
    for part in parts():
        _check_part(part, part.path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _check_part(part: Part, _touched: int) -> None:
    part.read()


def _reason(check: Callable[[House], None], house: House) -> str:
    """Why a part is not ready; empty when it is."""
    try:
        check(house)
    except EsgError as error:
        return error.message
    except Exception as error:  # a broken part may raise anything; its words may hold an address, so not they
        logger.warning("%s failed: %s", check.__name__, error)
        return f"it does not work ({type(error).__name__})"
    return ""


CHECKS: dict[str, Callable[[House], None]] = {
    "broker": _broker,
    "database": _database,
    "store": _store,
    "model": _model,
}
