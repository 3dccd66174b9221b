"""a place where reports appear → what it lists now: folders, URL lists, sitemaps, EDGAR."""

from esg.sources.edgar import check_user_agent
from esg.sources.listing import list_source, validate
from esg.sources.robots import Robots
from esg.sources.source import Item, Kind, Known, Listed, Source

__all__ = [
    "Item",
    "Kind",
    "Known",
    "Listed",
    "Robots",
    "Source",
    "check_user_agent",
    "list_source",
    "validate",
]
