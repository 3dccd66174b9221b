"""The contract `esg.scorecard/1`: what is written passes it, what breaks it is named."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from esg.domain import MediaType
from esg.errors import Rejected
from esg.report import schema, to_dict, validate
from tests.fakes.scorecards import scorecard

DESIGN_ORDER = [
    "schema",
    "document",
    "rubric",
    "pipeline",
    "overall",
    "themes",
    "kpis",
    "claims",
    "frameworks",
    "evidence",
    "parity",
    "trace_id",
]


def test_schema_is_valid_json_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_schema_is_strict_at_every_object() -> None:
    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for child in node.values():
                yield from objects(child)
        elif isinstance(node, list):
            for child in node:
                yield from objects(child)

    found = list(objects(schema()))
    assert len(found) > 8
    assert all(node["additionalProperties"] is False for node in found)


def test_a_scorecard_keeps_the_contract() -> None:
    validate(to_dict(scorecard()))


def test_fields_stand_in_the_order_of_the_design() -> None:
    data = to_dict(scorecard())
    assert list(data) == DESIGN_ORDER
    of_company_years = {"documents", "contradictions"}
    assert list(data) == [name for name in schema()["properties"] if name not in of_company_years]
    assert list(data) == schema()["required"]
    assert data["schema"] == "esg.scorecard/1"


def test_every_written_field_is_required_by_the_schema() -> None:
    data, defs = to_dict(scorecard()), schema()["$defs"]
    pairs = [("theme", data["themes"][0]), ("kpi", data["kpis"][0]), ("claim", data["claims"][0])]
    pairs += [("document", data["document"]), ("evidence", data["evidence"][0])]
    pairs += [("criterion", data["themes"][0]["criteria"][0]), ("disclosure", data["frameworks"]["TCFD"][0])]
    for name, written in pairs:
        assert list(written) == defs[name]["required"], name


def broken(path: list[Any], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(to_dict(scorecard()))
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.loads(json.dumps(data))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["schema"], "esg.scorecard/2"),
        (["surprise"], 1),
        (["document", "id"], "abc"),
        (["document", "year"], "2023"),
        (["overall", "grade"], "Great"),
        (["overall", "score"], 4.5),
        (["themes", 0, "level"], 5),
        (["themes", 0, "level"], 2.5),
        (["themes", 0, "status"], "ok"),
        (["themes", 0, "evidence"], []),
        (["themes", 0, "status"], "not_disclosed"),
        (["kpis", 0, "value"], "12,480"),
        (["kpis", 0, "page"], 0),
        (["evidence", 0, "boxes"], [[1, 2, 3]]),
        (["evidence", 0, "boxes"], [[1, 2, 3, 4, 5]]),
        (["evidence", 0, "retrieval"], {"dense": 1.0}),
        (["evidence", 0, "sha256"], "0" * 63),
        (["frameworks", "tcfd"], []),
        (["frameworks", "TCFD", 0, "disclosed"], "maybe"),
        (["trace_id"], ""),
    ],
)
def test_a_broken_scorecard_is_refused(path: list[Any], value: Any) -> None:
    with pytest.raises(Rejected, match="not a scorecard") as caught:
        validate(broken(path, value))
    assert caught.value.code == "not_a_scorecard"


@pytest.mark.parametrize("media_type", MediaType)
def test_a_document_of_any_kind_may_be_scored(media_type: MediaType) -> None:
    validate(broken(["document", "media_type"], media_type.value))


def test_a_missing_field_is_named() -> None:
    data = to_dict(scorecard())
    del data["themes"][1]["rationale"]
    with pytest.raises(Rejected, match=r"\$\.themes\[1\]: 'rationale'"):
        validate(data)
