"""The local judge: what speaks for a criterion, and what only sounds like it."""

import pytest

from esg.domain import Chunk, ChunkKind, Hit, Retrieval, Span
from esg.rubric import fold, load
from esg.score import Passage, Question
from esg.score.local import decide


def passage(text, *, context="", is_row=False, page=1, rank=1):
    span = Span(page, 0, len(text))
    chunk = Chunk("c", "d", (span,), text, 1, "", ChunkKind.PROSE)
    return Passage(span, fold(text), context, is_row, Hit(chunk, Retrieval(0, 0, 0, rank)))


def is_met(criterion_id, *texts, year=2024, **more):
    criterion = load("maturity").criterion(criterion_id)
    return decide(Question(criterion, [passage(t, **more) for t in texts]), year=year).met


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        (
            "TSP.2.climate_target",
            "We will reduce Scope 1 and 2 emissions by 42% by 2030 from a 2020 base year.",
        ),
        ("TSP.2.climate_target", "Our goal is net zero emissions by 2045."),
        ("TSP.3.science", "In May we committed to the Science Based Targets initiative."),
        ("TSP.3.science", "Our targets are aligned with a 1.5°C pathway."),
        ("TSP.4.validated", "The SBTi validated our targets in May 2024."),
        ("OSP.3.oversight", "The Supervisory Board reviews sustainability performance twice a year."),
        ("OSP.3.accountability", "15% of the bonus depends on ESG targets."),
        ("GHG.3.assured", "PwC provided limited assurance over our Scope 1 and 2 emissions."),
        ("GHG.4.reasonable", "A reasonable level of assurance was given over scope 1 and 2 emissions."),
        ("DM.3.platform", "A central platform holds all ESG data for reporting."),
        ("RD.3.double_materiality", "We carried out a double materiality assessment."),
        ("RD.2.climate_framework", "We report in line with the TCFD recommendations."),
        ("EI.3.monitoring", "Smart meters monitor electricity consumption in all stores."),
        ("RMM.3.quantified", "We conducted a climate scenario analysis in 2023."),
    ],
)
def test_a_plain_statement_meets_its_criterion(criterion, text):
    assert is_met(criterion, text)


@pytest.mark.parametrize(
    ("criterion", "text"),
    [
        # committed, submitted and validated are three things
        ("TSP.4.validated", "We committed to the Science Based Targets initiative."),
        ("TSP.4.validated", "We submitted our targets to the SBTi, which has not yet validated them."),
        ("TSP.4.validated", "We plan to have our targets validated by the SBTi."),
        ("TSP.4.validated", "80% of our suppliers have targets validated by the SBTi."),
        ("TSP.3.science", "While we have not adopted Science Based Targets, we act."),
        # limited is not reasonable
        ("GHG.4.reasonable", "PwC provided limited assurance over our Scope 1 and 2 emissions."),
        (
            "GHG.4.reasonable",
            "The procedures for limited assurance on emissions are less than for a reasonable assurance.",
        ),
        # someone else's target, a target of the past
        ("TSP.2.climate_target", "The EU aims to reduce emissions by 55% by 2030."),
        ("TSP.2.climate_target", "We reduced emissions by 42% by 2020."),
        # negation, plans, work under way
        ("GHG.3.assured", "Our Scope 1 emissions were not independently verified."),
        ("RD.3.double_materiality", "We will carry out a double materiality assessment."),
        (
            "RD.3.double_materiality",
            "A double materiality assessment is under way and will be finished next year.",
        ),
        ("DM.3.platform", "We plan to build a central platform for ESG data."),
        ("RD.2.climate_framework", "We are working towards alignment with the TCFD."),
        ("EI.3.monitoring", "Smart meters to monitor electricity consumption are to be installed."),
        # policy is not practice, others' duties are not ours
        ("EI.1.measures", "We are committed to installing solar power."),
        ("OSP.2.processes", "Training on sustainability for employees is not offered."),
        ("OSP.3.oversight", "The Board is responsible for the preparation of the sustainability report."),
    ],
)
def test_what_only_sounds_like_it_does_not(criterion, text):
    assert not is_met(criterion, text)


def test_patterns_must_stand_together():
    far = f"We cut emissions and {'the bakery sells bread and cake to customers, ' * 6} 42% more by 2045"
    assert not is_met("TSP.2.climate_target", far)


def test_a_row_is_read_with_its_header():
    assert is_met("GHG.1.figures", "Scope 1\t1,200", context="Emissions | tCO2e 2024", is_row=True)


def test_a_heading_alone_proves_nothing():
    assert not is_met("OSP.3.crossfunctional", "2024", context="Sustainability committee")


def test_a_sentence_printed_twice_is_one_finding():
    criterion = load("maturity").criterion("RD.3.double_materiality")
    text = "We carried out a double materiality assessment."

    verdict = decide(Question(criterion, [passage(text), passage(text, page=2, rank=2)]), year=2024)

    assert len(verdict.findings) == 1


def test_countered_passages_are_counted():
    criterion = load("maturity").criterion("RD.3.double_materiality")

    plan = passage("We will carry out a double materiality assessment.")

    verdict = decide(Question(criterion, [plan]), year=2024)

    assert not verdict.met
    assert verdict.countered == 1
