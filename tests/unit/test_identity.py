"""Whose report, which year: told from invented reports that name both the way real ones do."""

from dataclasses import replace

import pytest

from esg.domain import Block, BlockKind, Box, Identity, Legibility, Page
from esg.extract.identity import About, glances, identify, legible, read_front
from esg.extract.identity.title import guess_title

NOWHERE = Box(0, 0, 1, 1)


def page(text: str, *, head: str = "", heading: str = "", number: int = 1) -> Page:
    """A page with a running head, a heading and a paragraph."""
    parts = [(BlockKind.HEADER, head), (BlockKind.HEADING, heading), (BlockKind.PARAGRAPH, text)]
    blocks, at, written = [], 0, []
    for kind, part in parts:
        if part:
            blocks.append(Block(kind, at, at + len(part), NOWHERE))
            written.append(part)
            at += len(part) + 1
    return Page(
        "d" * 64, number, "", 612, 792, "\n".join(written), (), tuple(blocks), (), "en", Legibility.TEXT
    )


def report(cover: str, *texts: str, head: str = "") -> list[Page]:
    inside = [page(text, head=head, number=number) for number, text in enumerate(texts, 2)]
    return [page(cover), *inside]


def guess(pages: list[Page], about: About) -> Identity:
    return identify(read_front(glances(legible(pages)), about), about)


def company(pages: list[Page], **about: object) -> str:
    return guess(pages, About(**about)).company  # type: ignore[arg-type]


def year(pages: list[Page], **about: object) -> int | None:
    return guess(pages, About(**about)).year  # type: ignore[arg-type]


BODY = (
    "In this report we describe how {0} reduced its energy use. Employees of {0} worked on it all year.",
    "The board of {0} approved the plan. Suppliers to {0} were asked to report their emissions.",
    "KPMG AG gave limited assurance to {0}. The Global Reporting Initiative publishes the standards.",
)


def body(name: str) -> list[str]:
    return [text.format(name) for text in BODY]


# -- company ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Brightwell Holdings plc",
        "Nordlicht AG",
        "Nordlicht Energie SE",
        "Kestrel & Sons Limited",
        "Officine Aurelia S.p.A.",
        "Maison Verte SA",
        "Van der Berg N.V.",
        "Halden Shipping ASA",
        "Lumina Technologies, Inc.",
        "Pacific Orchard Corporation",
        "Harbourfront Real Estate Investment Trust",
        "3D Plastics GmbH",
        "A1 Telecom Group Limited",
        "Sinar Jaya Tbk.",
    ],
)
def test_the_name_with_a_legal_form_is_the_companys(name: str) -> None:
    assert company(report("Sustainability Report 2023", *body(name))) == name


def test_a_brand_in_the_text_is_written_with_its_legal_form() -> None:
    pages = report("Sustainability Report 2023", *body("Nordlicht"), "Imprint\nNordlicht Energie AG, Kiel")

    assert company(pages) == "Nordlicht Energie AG"


def test_the_most_used_legal_form_wins_over_those_of_subsidiaries() -> None:
    pages = report(
        "Report",
        *body("Nordlicht Energie AG"),
        "Nordlicht Netz GmbH is a subsidiary, as is Nordlicht Wind GmbH.",
        "Nordlicht Netz GmbH runs the grid.",
    )

    assert company(pages) == "Nordlicht Energie AG"


def test_auditors_and_standard_setters_are_not_the_company() -> None:
    pages = report("Report 2023", *body("Kestrel Foods Ltd"), "KPMG AG KPMG AG KPMG AG. Deloitte GmbH.")

    assert company(pages) == "Kestrel Foods Ltd"


@pytest.mark.parametrize("assurer", ["KPMG AG", "Verity Assurance Services Ltd", "Deloitte GmbH"])
@pytest.mark.parametrize(
    "line",
    [
        "Selected data were verified by {0} with limited assurance.",
        "Independent assurance by {0}.",
        "{0} provided limited assurance on these figures.",
        "We commissioned {0} to verify the data of this page.",
    ],
)
def test_who_checks_every_page_is_not_the_company(assurer: str, line: str) -> None:
    pages = [f"Energy use fell at Kestrel Foods in year {n}. {line.format(assurer)}" for n in range(1, 30)]

    assert (
        company(report("Sustainability Report 2023", *pages, "Published by Kestrel Foods Ltd in May"))
        == "Kestrel Foods Ltd"
    )


@pytest.mark.parametrize("assurer", ["KPMG AG", "Verity Assurance Services Ltd"])
def test_who_checks_others_reports_on_itself_on_its_cover(assurer: str) -> None:
    name = assurer.split()[0]
    pages = [f"{name} provided assurance to clients. Employees of {name} were trained." for _ in range(9)]

    assert company(report(f"{assurer}\nSustainability Report 2023", *pages)).startswith(name)


def test_an_issuer_whose_figures_are_checked_stays_the_company() -> None:
    pages = [
        "The data of Kestrel Foods Ltd were verified by Verity Ltd. We work at Kestrel Foods."
        for _ in range(9)
    ]

    assert company(report("Sustainability Report 2023", *pages)) == "Kestrel Foods Ltd"


def test_a_cover_names_a_company_without_a_legal_form() -> None:
    pages = report("Banca Aurelia – Sustainability Report 2023", *body("Banca Aurelia"))

    assert company(pages) == "Banca Aurelia"


def test_a_running_head_names_a_company() -> None:
    text = "we reduced our energy use and approved the plan."

    pages = report("2023", *[text] * 6, "and so did people at Kestrel.", head="Kestrel Annual Report 2023")

    assert company(pages) == "Kestrel"


def test_an_acronym_is_spelled_out_where_the_text_does() -> None:
    pages = report("CBT Sustainability Report", *body("CBT"), "We are the Community Bank of Tamworth.")

    assert company(pages) == "Community Bank of Tamworth"


def test_an_acronym_nobody_spells_out_stays() -> None:
    assert company(report("CBT Sustainability Report", *body("CBT"))) == "CBT"


def test_offices_before_a_name_are_cut_off() -> None:
    pages = report("Policy", "Approved by the Board of Directors of Lithos Limited. Lithos cares.")

    assert company(pages) == "Lithos Limited"


def test_a_chinese_name_is_found_by_its_form() -> None:
    pages = report(
        "永續報告書 2022",
        "明德商業銀行於本年度完成盤查。",
        "依據準則，明德商業銀行 揭露範疇一。\n明德商業銀行",
    )

    assert "明德商業銀行" in company(pages)


def test_metadata_names_a_company_that_the_text_calls_shorter() -> None:
    pages = report("Climate Action Plan", *body("Kestrel"))

    assert company(pages, author="Kestrel Wholesale") == "Kestrel Wholesale"


def test_metadata_of_the_writing_program_names_nobody() -> None:
    pages = report("Report", *body("Kestrel Foods Ltd"))

    found = company(pages, title="Microsoft Word - Report_final.docx", author="user")

    assert found == "Kestrel Foods Ltd"


def test_a_machine_readable_fact_decides() -> None:
    assert company(report("Form 10-K", *body("Other Inc.")), company="Acme, Inc.") == "Acme, Inc."


def test_a_page_whose_letters_are_wrong_is_not_read() -> None:
    garbled = replace(page("Nonsense Qwz AG " * 20), legibility=Legibility.GARBLED)

    assert company([page("Kestrel Foods Ltd"), garbled, garbled]) == "Kestrel Foods Ltd"


@pytest.mark.parametrize("pages", [[], [page("")], [page("2023\n12,345\t6,789")]])
def test_where_nothing_is_named_nothing_is_guessed(pages: list[Page]) -> None:
    assert company(pages) == ""


# -- year -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        ("Sustainability Report 2023", 2023),
        ("2023 Environmental, Social and Governance Report", 2023),
        ("FY23 Sustainability Databook", 2023),
        ("Sustainability Report FY2023", 2023),
        ("Sustainability Report 2022/23", 2023),
        ("Sustainability Report 2022-2023", 2023),
        ("ESG Report for the year ended 30 June 2023", 2023),
        ("Geschäftsbericht 2023", 2023),
        ("Rapport de durabilité 2023", 2023),
        ("Bilancio di sostenibilità al 31/12/2023", 2023),
        ("永續報告書 民國112年", 2023),
        ("Non-financial Report 2023\nMarch 2024", 2023),
        ("Roadmap to 2030\nSustainability Report 2023", 2023),
    ],
)
def test_the_cover_names_the_year(cover: str, expected: int) -> None:
    text = (
        "Compared with 2019 and 2022 we did better. By 2030 we will halve emissions, by 2050 reach net zero."
    )

    assert year(report(cover, text), created=2024) == expected


@pytest.mark.parametrize(
    "text",
    [
        "This report covers the financial year from 1 July 2022 to 30 June 2023.",
        "The reporting period is 1 January to 31 December 2023.",
        "Figures are for the fiscal year ended September 30, 2023.",
        "Der Bericht umfasst das Geschäftsjahr 2023.",
        "Laporan ini untuk tahun buku 2023.",
    ],
)
def test_the_period_names_the_year_where_the_cover_does_not(text: str) -> None:
    assert year(report("Sustainability Report", text, "Published in May 2024.", "Target: 2030.")) == 2023


def test_what_the_report_calls_itself_names_the_year() -> None:
    text = "Our 2023 Climate Action Plan shares what we did. Emissions fell from 2020 to 2022, as in 2022."

    assert year(report("Climate Action Plan", text), title="Climate plan 2024", created=2024) == 2023


def test_running_heads_name_the_year() -> None:
    texts = ["Emissions in 2021 and 2022 were lower than in 2022."] * 5

    assert year(report("Report", *texts, head="Kestrel Annual Report 2023")) == 2023


def test_no_report_covers_a_year_after_it_was_made() -> None:
    assert year(report("Vision 2030 Report", "We look back on 2022."), created=2023) == 2022


def test_a_file_with_a_wrong_clock_does_not_decide() -> None:
    assert year(report("Sustainability Report 2023", "We report on 2023."), created=2000) == 2023


def test_the_year_before_the_file_was_made_is_better_than_none() -> None:
    assert year(report("Environmental policy", "We care."), created=2023) == 2022
    assert year(report("Environmental policy", "We care.")) is None


def test_a_report_without_a_word_covers_no_year_that_its_file_is_called_by() -> None:
    assert year([page("")], name="report_2023.pdf", created=2024) is None
    assert year([page("")], name="report_2023.pdf", title="Annual Report 2021") == 2021
    assert year(report("Environmental policy", "We care."), name="policy_2023.pdf") == 2023


def test_figures_are_not_years() -> None:
    assert year(report("Report", "2,023 t; 20.23 MWh; 2023.5 m; no. 12023; 2022-01-15-2")) in (None, 2022)


def test_both_are_marked_as_guessed() -> None:
    found = guess(report("Sustainability Report 2023", *body("Nordlicht AG")), About())

    assert (found.company_guessed, found.year_guessed) == (True, True)


# -- title ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Our  path to net zero", "Our path to net zero"),
        ("", "Sustainability Report 2023"),
        ("Microsoft Word - final_v3.docx", "Sustainability Report 2023"),
        ("acme-20231231", "Sustainability Report 2023"),
        ("report layout.indd", "Sustainability Report 2023"),
    ],
)
def test_a_title_is_what_people_call_a_report(stated: str, expected: str) -> None:
    pages = report("Acme\nSustainability Report 2023\nGrowing together", "text")

    assert guess_title(read_front(glances(pages), About(title=stated))) == expected


def test_a_cover_without_words_leaves_what_the_file_says() -> None:
    assert (
        guess_title(read_front(glances([page("Growing together")]), About(title="acme-2023"))) == "acme-2023"
    )


@pytest.mark.parametrize("at", [0, 1, 3, 50, 83, 96, 100])
def test_members_that_look_at_their_own_pages_see_what_one_sees(at: int) -> None:
    pages = [page(f"In {1950 + n} Acme {n} Limited reported", number=n) for n in range(100)]

    alone = glances(pages)
    mine, others = glances(pages[:at], before=0, of=100), glances(pages[at:], before=at, of=100)

    assert [glance.text is None for glance in alone] == [False] * 80 + [True] * 15 + [False] * 5
    assert [*mine, *others] == alone
    assert read_front([*mine, *others], About()) == read_front(alone, About())
