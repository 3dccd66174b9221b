"""hostile bytes → result bytes, computed in a process that may die."""

from esg.extract.sandbox.confinement import confinement
from esg.extract.sandbox.parser import end, spent
from esg.extract.sandbox.process import run

__all__ = ["confinement", "end", "run", "spent"]
