"""When: data only. What beat fires is harmless to repeat; `control.clock` sees to what must run once."""

from beat_schedule.schedule import SCHEDULE

__all__ = ["SCHEDULE"]
