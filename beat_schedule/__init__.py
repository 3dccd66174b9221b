"""When: data only. `once_per_seconds` names the slot of time in which the task runs once, however many beats
fire it (a unique row in SQL); an hourly firing with a slot of a day is a nightly run that catches up."""

from beat_schedule.schedule import SCHEDULE

__all__ = ["SCHEDULE"]
