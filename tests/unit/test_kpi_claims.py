"""Statements with a value: what counts as one, and what only sounds like it."""

import pytest

from esg.kpi import read_claims


@pytest.fixture
def read(make_page, make_document):
    def read_pages(*texts, year=2024):
        pages = [make_page(text, number) for number, text in enumerate(texts, 1)]
        return [(r.claim.claim, r.claim.value) for r in read_claims(make_document(year=year), pages)]

    return read_pages


@pytest.mark.parametrize(
    ("sentence", "claim", "value"),
    [
        ("We aim to reach net zero by 2050.", "net_zero_target_year", "2050"),
        ("Our operations will be carbon neutral by the end of FY2030.", "net_zero_target_year", "2030"),
        ("Our targets were validated by the Science Based Targets initiative.", "sbti_status", "validated"),
        ("We submitted our targets to the SBTi for validation in March.", "sbti_status", "submitted"),
        ("In 2023 we committed to the Science Based Targets initiative.", "sbti_status", "committed"),
        ("While we have not adopted Science Based Targets, we act.", "sbti_status", "not adopted"),
        ("The SBTi marked our commitment as commitment removed.", "sbti_status", "commitment removed"),
        ("We will cut Scope 1 emissions by 42% by 2030.", "interim_target", "42% by 2030"),
        ("The data received limited assurance by PwC.", "assurance_level", "limited"),
        ("Reasonable assurance was given on Scope 1 emissions.", "assurance_level", "reasonable"),
        ("The contents of this report have not been assured externally.", "assurance_level", "none"),
        ("The data received limited assurance by PwC.", "assurance_provider", "PwC"),
        ("We report in line with the recommendations of the TCFD.", "tcfd_aligned", "yes"),
        ("We are working towards alignment with the TCFD.", "tcfd_aligned", "no, in preparation"),
        ("This report was prepared in accordance with the GRI Standards.", "gri_used", "in accordance"),
        ("This report was prepared with reference to the GRI Standards.", "gri_used", "with reference"),
        ("We use an internal carbon price of €85 per tonne of CO2.", "internal_carbon_price", "€85"),
        ("We want 100% renewable electricity by 2030.", "renewable_target", "100% by 2030"),
        ("Emissions fall by 30% from the base year FY21.", "base_year", "2021"),
    ],
)
def test_a_claim_is_read_with_its_value(read, sentence, claim, value):
    assert (claim, value) in read(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The EU aims to be climate neutral by 2050.",
        "In 2022 we opened a net zero building.",
        "We plan to have our targets validated by the SBTi.",
        "80% of suppliers have targets validated by the SBTi.",
        "We plan to obtain limited assurance next year.",
        "A limited assurance engagement is less in scope than a reasonable assurance engagement.",
        "Unlike peers who have reasonable assurance, we obtained limited assurance for our emissions.",
        "Our peers obtained reasonable assurance for their emissions.",
        "We do not use an internal carbon price yet, but consider one.",
        "In 2024 all offices used 100% renewable electricity.",
    ],
)
def test_what_only_sounds_like_a_claim_is_none(read, sentence):
    assert [c for c in read(sentence) if c[0] != "assurance_level" or c[1] != "limited"] == []


def test_validated_comes_before_submitted(read):
    found = read("We submitted our targets to the SBTi.", "The SBTi validated our targets in May.")

    assert found == [("sbti_status", "validated")]


def test_several_targets_are_several_claims(read):
    found = read("We cut Scope 1 emissions by 42% by 2030.", "We cut Scope 3 emissions by 25% by 2035.")

    assert found == [("interim_target", "42% by 2030"), ("interim_target", "25% by 2035")]


def test_a_claim_is_quoted(make_page, make_document):
    page = make_page("# Climate\n\nWe aim to reach net zero by 2050.")

    (reading,) = read_claims(make_document(year=2024), [page])

    assert reading.evidence.quote == "We aim to reach net zero by 2050."
    assert reading.claim.evidence == reading.evidence.id
    assert reading.evidence.boxes
