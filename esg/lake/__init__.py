"""Where everything rests between two stages: bronze, silver, gold."""

from esg.lake.answers import Answers
from esg.lake.lake import Lake

__all__ = ["Answers", "Lake"]
