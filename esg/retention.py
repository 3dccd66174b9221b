"""What is over and older than the settings say → forgotten; originals and current scorecards never are."""

from datetime import UTC, datetime, timedelta

from esg.resources import Resources
from esg.state import Forgotten


def retain(resources: Resources, *, is_dry_run: bool = False, now: datetime | None = None) -> Forgotten:
    """Forget, or with `is_dry_run` say what would be; twice is once.

    Rows go first: an object of the lake that no row names does no harm, a row that names none would.
    """
    settings, moment = resources.settings, now or datetime.now(UTC)
    forgotten = resources.state.forget(
        before=_days_before(moment, settings.retain_days),
        scorecards_before=_days_before(moment, settings.retain_scorecards_days),
        is_dry_run=is_dry_run,
    )
    for key in () if is_dry_run else forgotten.keys:
        resources.lake.delete_scorecard(key)
    return forgotten


def _days_before(moment: datetime, days: int) -> datetime | None:
    return moment - timedelta(days=days) if days else None
