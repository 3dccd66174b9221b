"""Reviews → labels: an accepted one is ours, a corrected one the analyst's, a rejected one is left out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from esg.domain import Document, Identity, MediaType, document_id
from esg.evaluate.labels import LabelledReport, read_labels
from esg.labelled import file_name, labels
from esg.state import Kind, Review, State, Verdict

DOCUMENT = document_id(b"acme")
QUOTES = [
    {"id": "a" * 16, "page": 3, "quote": "We cut emissions."},
    {"id": "b" * 16, "page": 4, "quote": "…"},
]
LEVEL = Review(
    DOCUMENT, Kind.LEVEL, "TSP", Verdict.ACCEPT, "Ada", {"level": 2, "evidence": QUOTES}, note="why"
)
FIGURE = {
    "kpi": "scope1",
    "value": 12480.0,
    "unit": "tCO2e",
    "year": "2024",
    "page": 18,
    "quote": "Scope 1 12",
}
KPI = Review(DOCUMENT, Kind.KPI, "c" * 16, Verdict.ACCEPT, "Ada", FIGURE)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State.open(f"sqlite:///{tmp_path / 'state.sqlite'}")
    state.submit(
        "https://example.com/files/acme report.pdf?x=1", company="Acme", year=2024, document_id=DOCUMENT
    )
    yield state
    state.close()


def exported(state: State, folder: Path) -> LabelledReport:
    """Write the labels and read them as `esg eval` does."""
    (label,) = labels(state)
    (folder / "label.json").write_text(json.dumps(label.content))
    (read,) = read_labels(folder / "label.json")
    return read


def test_an_accepted_level_is_the_scorecards(state: State, tmp_path: Path) -> None:
    state.review(LEVEL)
    gold = exported(state, tmp_path).levels["TSP"]
    assert (gold.level, gold.low, gold.high, gold.why) == (2, 2, 2, "why")
    assert gold.quotes == ("We cut emissions.", "…")


def test_a_corrected_level_has_the_analysts_band(state: State, tmp_path: Path) -> None:
    corrected = {"level": 3, "low": 2, "high": 4}
    state.review(replace(LEVEL, verdict=Verdict.CORRECT, corrected=corrected))
    gold = exported(state, tmp_path).levels["TSP"]
    assert (gold.level, gold.low, gold.high) == (3, 2, 4)


def test_a_rejected_level_has_no_label(state: State, tmp_path: Path) -> None:
    state.review(LEVEL)
    state.review(replace(LEVEL, verdict=Verdict.REJECT))
    assert exported(state, tmp_path).levels == {}


def test_reviewed_quotes_change_the_evidence_of_a_level(state: State, tmp_path: Path) -> None:
    quote = Review(DOCUMENT, Kind.QUOTE, "b" * 16, Verdict.REJECT, "Ada", QUOTES[1])
    better = {"quote": "We cut emissions by 4%."}
    for review in (LEVEL, quote, replace(quote, subject="a" * 16, verdict=Verdict.CORRECT, corrected=better)):
        state.review(review)
    assert exported(state, tmp_path).levels["TSP"].quotes == ("We cut emissions by 4%.",)


def test_figures_are_ours_the_analysts_or_left_out(state: State, tmp_path: Path) -> None:
    right = {"value": 12.5, "unit": "ktCO2e", "year": "2024"}
    state.review(KPI)
    state.review(replace(KPI, subject="d" * 16, verdict=Verdict.CORRECT, corrected=right))
    state.review(replace(KPI, subject="e" * 16, verdict=Verdict.REJECT))
    kpis = exported(state, tmp_path).kpis
    assert [(kpi.value, kpi.unit, kpi.year, kpi.page) for kpi in kpis] == [
        (12480.0, "tCO2e", "2024", 18),
        (12.5, "ktCO2e", "2024", 18),
    ]


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("../../etc/passwd", MediaType.PDF, "passwd-4d1c65ae.pdf"),
        ("https://example.com/a b/r%2Fé.html?q=1", MediaType.HTML, "r-2Fé-4d1c65ae.html"),
        ("Acme 2024.DOCX", MediaType.DOCX, "Acme-2024-4d1c65ae.docx"),
        ("", MediaType.PDF, "report-4d1c65ae.pdf"),
    ],
)
def test_a_file_is_named_by_its_source_and_stays_in_its_folder(
    source: str, kind: MediaType, name: str
) -> None:
    document = Document("4d1c65ae" + "0" * 56, source, kind, 1, Identity("Acme", 2024))
    assert file_name(document) == name
