"""Measured service times → how many processes a number of reports needs, by hand and in simulation.

`needs` is arithmetic (Little's law). The rest is a model of the fleet: `recorded` is what one run was seen
to take, `demand` turns that into processor seconds, `processors` shares processors, `fleet` simulates
queues and workers, `loads` and `costs` say what the work asks of SQL, Redis, the store and a purse, `plan`
puts it together. Modules that simulate need the extra `simulation` and are imported by name.
"""

from esg.capacity.needs import BUSY, Need, needs
from esg.capacity.recorded import Paper, Recorded, Run

__all__ = ["BUSY", "Need", "Paper", "Recorded", "Run", "needs"]
