"""A place on a page → evidence that can be clicked, and the check that it holds."""

from esg.kpi import boxes, cite, is_running
from esg.score.verify import verify

__all__ = ["boxes", "cite", "is_running", "verify"]
