"""What happens to a stage run in this process, for who stands beside: `claimed` is its `Claimed`."""

from celery.utils.dispatch import Signal

stage_run_began = Signal(name="stage_run_began", providing_args=["claimed"])
stage_run_lost = Signal(name="stage_run_lost", providing_args=["claimed"])  # its process told no end
stage_run_ended = Signal(name="stage_run_ended", providing_args=["claimed", "outcome"])
