"""A sheet of companies: read as people write it, and every mistake told with its line."""

import pytest

from esg.register import Line, RegisteredCompany, clashes, read

LEI = "529900K9B0N5BT694847"
HEAD = "name,aliases,sector,country,lei,fiscal_year_end\n"


def test_a_line_is_a_company() -> None:
    lines, problems = read(
        HEAD + f'"Acme, AG",Acme Motors | ACME,Cars,de,{LEI.lower()},12-31\n\nOther plc,,,,,\n'
    )

    assert problems == []
    assert lines == [
        Line(
            2, RegisteredCompany("acme-ag", "Acme, AG", ("Acme Motors", "ACME"), "Cars", "DE", LEI, "12-31")
        ),
        Line(4, RegisteredCompany("other-plc", "Other plc")),
    ]


@pytest.mark.parametrize("text", ["\ufeffname;sector\r\nAcme AG;Cars\r\n", "Sector\tName\nCars\tAcme AG\n"])
def test_what_spreadsheets_write_is_read(text: str) -> None:
    (line,), problems = read(text)

    assert (line.company.name, line.company.sector, problems) == ("Acme AG", "Cars", [])


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (f"Acme,,,,{LEI[:-1]}8,", "no LEI"),
        ("Acme,,,,123,", "no LEI"),
        ("Acme,,,ZZ,,", "no country code"),
        ("Acme,,,Germany,,", "no country code"),
        ("Acme,,,,,31-12", "no end of a fiscal year"),
        ("Acme,,,,,02-30", "no end of a fiscal year"),
        (",,,DE,,", "name is empty"),
        ("Acme,,", "3 columns"),
        ('"Acme,,,,,', "not CSV"),
    ],
)
def test_a_mistake_is_told_with_its_line(row: str, what: str) -> None:
    _, problems = read(f"{HEAD}Good plc,,,GB,,\n{row}\n")

    assert [problem.line for problem in problems] in ([3], [4])
    assert what in problems[0].what


@pytest.mark.parametrize(
    ("head", "what"),
    [("sector,lei\n", "name is missing"), ("name,secter\n", "no column 'secter'"), ("", "name is missing"),
     ("name,name\n", "twice")],
)  # fmt: skip
def test_a_mistake_in_the_header_is_told(head: str, what: str) -> None:
    lines, problems = read(head + "a,b\n")

    assert lines == []
    assert problems[0].line == 1
    assert what in problems[0].what


def test_every_mistake_is_told_at_once() -> None:
    _, problems = read(HEAD + "A,,,XX,1,\nB,,\nC,,,,,99-99\n")

    assert [problem.line for problem in problems] == [2, 2, 3, 4]


def test_two_companies_may_not_claim_the_same() -> None:
    lines, _ = read(
        HEAD + f"Acme AG,Motors,,,{LEI},\nOther plc,MOTORS,,,{LEI},\nAcme Aktiengesellschaft,,,,,\n"
    )

    found = clashes(lines, [RegisteredCompany("third", "Third", ("Other PLC",))])

    assert [(p.line, p.what.split("'")[0].strip(), p.what.rpartition(" that of ")[2]) for p in found] == [
        (3, "the alias", "Third in the register"),
        (3, "the alias", "line 2"),
        (3, "the LEI", "line 2"),
        (4, "the alias", "line 2"),
    ]
