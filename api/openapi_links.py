"""What an answer of one route leads to, as OpenAPI links: for people who read, and programs that walk."""

from typing import Any

JOB = ("$response.body#/job_id", "job_id", ("GET /v1/jobs/{job_id}", "GET /v1/jobs/{job_id}/events"))
CANCEL = ("$response.body#/job_id", "job_id", ("DELETE /v1/jobs/{job_id}",))
DOCUMENT_ROUTES = tuple(
    f"GET /v1/documents/{{document_id}}{part}" for part in ("", "/scorecard", "/kpis", "/pages/{number}.png")
)
COMPANY_ROUTES = tuple(f"GET /v1/companies/{{slug}}{part}" for part in ("", "/scorecard", "/history"))

# (route, status) → where in the answer stands what is the parameter of which routes
LINKS: dict[tuple[str, str], tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    ("POST /v1/documents", "202"): (JOB, CANCEL),
    ("POST /v1/documents/bulk", "202"): (
        ("$response.body#/rows/0/job/job_id", "job_id", ("GET /v1/jobs/{job_id}",)),
    ),
    ("POST /v1/scores", "202"): (("$response.body#/jobs/0/job_id", "job_id", (*JOB[2], *CANCEL[2])),),
    ("GET /v1/jobs", "200"): (("$response.body#/jobs/0/id", "job_id", JOB[2]),),
    ("GET /v1/documents", "200"): (("$response.body#/documents/0/id", "document_id", DOCUMENT_ROUTES),),
    ("GET /v1/companies", "200"): (("$response.body#/companies/0/slug", "slug", COMPANY_ROUTES),),
    ("GET /v1/search", "200"): (("$response.body#/results/0/document_id", "document_id", DOCUMENT_ROUTES),),
    ("POST /score", "200"): (("$response.body#/company", "company", ("GET /trace",)),),
}


def add(spec: dict[str, Any]) -> None:
    """Write the links into a description; raises KeyError for a route that there is not."""
    for (route, status), ways in LINKS.items():
        response = _operation(spec, route)["responses"][status]
        response["links"] = {
            _name(target): {"operationId": _operation(spec, target)["operationId"], "parameters": {name: at}}
            for at, name, targets in ways
            for target in targets
        }


def _operation(spec: dict[str, Any], route: str) -> dict[str, Any]:
    method, _, path = route.partition(" ")
    operation: dict[str, Any] = spec["paths"][path][method.lower()]
    return operation


def _name(route: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in route).strip("_")
