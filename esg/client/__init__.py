"""An API elsewhere, from Python: submit, wait, read.

    with Client("http://127.0.0.1:8000", key="…") as client:
        job = client.wait(client.submit("report.pdf", company="Acme plc", year=2024)["job_id"])
        card = client.scorecard(job["document_id"])

Answers are the JSON of the API (docs/reference/rest.md). It knows nothing of the engine behind it.
"""

from esg.client.client import Client
from esg.client.events import Event
from esg.client.problem import ApiProblem, Unreachable

__all__ = ["ApiProblem", "Client", "Event", "Unreachable"]
