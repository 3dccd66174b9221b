"""What the fleet does: one thin file per queue; `base` says how a task runs, README.md what holds for all."""
