"""Frameworks as data: every line that they ask for, once, and answered from what a document says."""

from dataclasses import replace

import pytest

from esg.kpi import references
from esg.rubric import check
from esg.rubric.read import DATA
from esg.score import verify

LINES = {
    "TCFD": "GOV-a GOV-b STR-a STR-b STR-c RM-a RM-b RM-c MT-a MT-b MT-c",
    "IFRS_S2": """6(a) 6(b) 10 13 14 15 16 22(a) 22(b) 25(a) 25(b) 25(c)
        29(a)(i) 29(a)(ii) 29(a)(iii) 29(a)(iv) 29(a)(v) 29(a)(vi) 29(b) 29(c) 29(d) 29(e) 29(f) 29(g)
        32 33 34 35 36""",
    "ESRS": """GOV-3 SBM-3 IRO-1 E1-1 E1-2 E1-3 E1-4 E1-5 E1-6 E1-7 E1-8 E1-9
        E2 E3 E4 E5 S1 S2 S3 S4 G1 E3-4 E5-5 S1-6 S1-9 S1-14""",
    "GRI": """content-index statement-of-use
        2-2 2-3 2-4 2-5 2-7 2-12 2-13 2-14 2-19 2-23 2-24 2-29 3-1 3-2 3-3
        302-1 302-2 302-3 302-4 302-5 303-3 305-1 305-2 305-3 305-4 305-5 305-6 305-7 306-3 403-9 405-1""",
}


def test_every_line_of_a_framework_is_there_once(maturity):
    assert {f.id: [r.id for r in f.requirements] for f in maturity.frameworks} == {
        framework: lines.split() for framework, lines in LINES.items()
    }


def test_every_framework_says_which_edition_it_is(maturity):
    editions = {f.id: f.version for f in maturity.frameworks}

    for framework, year in (("TCFD", "2017"), ("IFRS_S2", "2023"), ("ESRS", "2023/2772"), ("GRI", "2021")):
        assert year in editions[framework]


def test_every_reference_is_to_something_that_is_known():
    assert check(DATA / "maturity", known_facts=references()) == []


def test_every_statement_serves_a_framework(maturity):
    needed = {ref for f in maturity.frameworks for r in f.requirements for group in r.needs for ref in group}

    statements = {s.criterion.id for s in maturity.statements}
    assert statements == {ref for ref in needed if ref.startswith("statement:")}


def answers(card):
    return {(framework, line.id): line.disclosed for framework, lines in card.frameworks for line in lines}


def test_a_silent_document_answers_no_everywhere(make_page, judge):
    pages = [make_page("Our shop sells bread. It opens at seven.\n\nThe baker gets up early.", 1)]

    card = judge(pages)

    assert set(answers(card).values()) == {"no"}


TOPICS = {
    "E2": (
        "Emissions of nitrogen oxides fell to 34 tonnes after the burners were replaced.",
        "Hazardous substances are stored in double-walled tanks and every spill is reported.",
    ),
    "E3": (
        "Two plants in areas of water stress have a programme to reduce their intake.",
        "Waste water is treated on site in a plant that was introduced in 2021.",
    ),
    "E4": (
        "We assessed the biodiversity of all sites together with a university.",
        "Twelve hectares of natural habitats next to the quarry were restored.",
    ),
    "E5": (
        "Recycled materials make up 31% of what goes into our products.",
        "A programme for waste reduction was introduced at every site.",
    ),
    "S1": (
        "Every one of our employees had 14 hours of training.",
        "Collective agreements apply to most of the workforce.",
    ),
    "S2": (
        "Our suppliers must respect human rights, and 40 of them were audited.",
        "Child labour in the supply chain is looked for in unannounced visits.",
    ),
    "S3": (
        "We consulted the local communities before the second kiln was built.",
        "Neighbours can raise a concern through a grievance procedure.",
    ),
    "S4": (
        "Complaints of customers are answered within two days.",
        "Product safety is tested according to a written standard.",
    ),
    "G1": (
        "The code of conduct applies to everybody who works for us.",
        "No cases of corruption were reported to the hotline.",
    ),
}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_disclosed_by_two_sentences_and_quoted(make_page, judge, topic):
    pages = [make_page("\n\n".join(TOPICS[topic]), 1)]

    card = judge(pages)

    disclosed = {line for (framework, line), answer in answers(card).items() if answer == "yes"}
    assert disclosed & set(TOPICS) == {topic}
    (line,) = (
        line for name, lines in card.frameworks for line in lines if (name, line.id) == ("ESRS", topic)
    )
    quotes = {e.id: e for e in card.evidence}
    assert quotes[line.evidence[0]].quote in TOPICS[topic]
    assert quotes[line.evidence[0]].retrieval is not None
    assert verify(card, pages) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_named_once_is_not_disclosed(make_page, judge, topic):
    pages = [make_page(TOPICS[topic][0], 1)]

    card = judge(pages)

    assert answers(card)["ESRS", topic] == "no"


def test_the_objectives_of_the_taxonomy_disclose_no_topic(make_page, judge):
    objectives = (
        "protection of water and marine resources, transition to a circular economy, pollution prevention"
    )
    pages = [
        make_page(f"The taxonomy has goals: {objectives} and biodiversity projects. {n}", n) for n in (1, 2)
    ]

    answered = answers(judge(pages))

    assert {answered["ESRS", topic] for topic in ("E2", "E3", "E4", "E5")} == {"no"}


def test_a_topic_said_to_be_immaterial_is_not_disclosed(make_page, judge):
    text = "Pollution was measured and is not material for us.\n\nAir quality is monitored, yet not relevant."
    pages = [make_page(text, 1)]

    assert answers(judge(pages))["ESRS", "E2"] == "no"


@pytest.mark.parametrize(
    ("sentence", "framework", "line"),
    [
        ("The GRI content index is on pages 91 to 94 of this report.", "GRI", "content-index"),
        ("It was prepared with reference to the GRI Standards.", "GRI", "statement-of-use"),
        ("Please send questions on this report to esg@example.com.", "GRI", "2-3"),
        ("The Supervisory Board reviewed the sustainability report.", "GRI", "2-14"),
        ("Our nine most material topics were identified in 2024: energy comes first.", "GRI", "3-2"),
        ("Refrigerants with ozone-depleting potential were phased out in 2015.", "GRI", "305-6"),
        (
            "Energy use upstream and downstream of us was 310 GWh, mostly consumed by carriers.",
            "GRI",
            "302-2",
        ),
        ("Products of the new series reduce the energy consumption of a house by 12%.", "GRI", "302-5"),
        ("Climate-related opportunities are identified and assessed every year.", "IFRS_S2", "25(b)"),
        ("Climate change affects our value chain most in the mills of the south.", "IFRS_S2", "13"),
        ("Storms led to costs of EUR 4 million for repairs.", "IFRS_S2", "16"),
        ("Of our sites, 14% are exposed to flooding once in a hundred years.", "IFRS_S2", "29(c)"),
        ("Transition risks apply to 9% of our assets, which are exposed to gas prices.", "IFRS_S2", "29(b)"),
        ("A tenth of the bonus depends on the climate target.", "IFRS_S2", "29(g)"),
        ("Our transition plan was adopted in May of last year.", "ESRS", "E1-1"),
        ("FN-CB-550a.2: results of stress tests are on page 44 of the annual report.", "IFRS_S2", "32"),
        ("Climate change reduces our cash flows by higher costs of insurance.", "IFRS_S2", "15"),
        ("The environmental policy is in force at all sites.", "ESRS", "E1-2"),
    ],
)
def test_a_statement_answers_its_line(make_page, judge, sentence, framework, line):
    pages = [make_page(sentence, 1)]

    card = judge(pages)

    assert answers(card)[framework, line] in ("yes", "partial")


@pytest.mark.parametrize(
    ("sentence", "framework", "line"),
    [
        ("A GRI content index will be published with the next report.", "GRI", "content-index"),
        ("We intend to draw up a climate transition plan next year.", "ESRS", "E1-1"),
        ("The European climate policy asks for public climate policies.", "ESRS", "E1-2"),
        ("Tax incentives for climate protection are based on law.", "IFRS_S2", "29(g)"),
        ("Frameworks such as SASB and the ISSB's are being followed by us.", "IFRS_S2", "32"),
        ("We are looking to quantify the financial impacts of climate change on us.", "IFRS_S2", "15"),
        ("In 2024 we reached a milestone with our climate plan and cut emissions by 2%.", "IFRS_S2", "33"),
        ("A compensation of emissions is part of our climate targets.", "IFRS_S2", "29(g)"),
    ],
)
def test_a_plan_or_somebody_elses_deed_answers_nothing(make_page, judge, sentence, framework, line):
    pages = [make_page(sentence, 1)]

    card = judge(pages)

    assert answers(card)[framework, line] == "no"


def test_statements_move_no_level(make_page, judge, maturity):
    pages = [make_page("\n\n".join(s for pair in TOPICS.values() for s in pair), 1)]
    without = replace(maturity, statements=(), frameworks=())

    card = judge(pages)
    plain = judge(pages, rubric=without)

    assert (card.themes, card.overall, card.parity) == (plain.themes, plain.overall, plain.parity)
