"""page → PNG with the quoted words highlighted."""

from esg.extract.render.picture import Picture, render, render_many

__all__ = ["Picture", "render", "render_many"]
