"""a moment → which nightly and hourly work is due: entries as data, their slots as pure arithmetic."""

from esg.schedule.entry import Entry, Slot, latest, upcoming
from esg.schedule.table import read

__all__ = ["Entry", "Slot", "latest", "read", "upcoming"]
