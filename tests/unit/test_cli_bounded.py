"""Arguments and options keep the API's bounds: outside them is wrong usage, not a strange scorecard."""

import click
import pytest
from click.testing import CliRunner

from esg.cli import bounded, main


def test_a_company_is_stripped() -> None:
    assert bounded.company("  Acme plc ") == "Acme plc"
    assert bounded.company("x" * 200) == "x" * 200


@pytest.mark.parametrize("name", ["", " \t", "x" * 201])
def test_a_company_is_a_name(name: str) -> None:
    with pytest.raises(click.BadParameter):
        bounded.company(name)


@pytest.mark.parametrize("question", ["", "  ", "x" * 501])
def test_nothing_is_no_question(question: str) -> None:
    result = CliRunner().invoke(main, ["search", question])

    assert result.exit_code == 2
    assert "Error: Invalid value for 'QUERY'" in result.stderr


@pytest.mark.parametrize("year", [1900, 2024, 2100])
def test_a_year_is_one_of_ours(year: int) -> None:
    assert bounded.YEAR.convert(str(year), None, None) == year


@pytest.mark.parametrize(
    "option", [["--year", "-5"], ["--year", "0"], ["--year", "2101"], ["--company", " "]]
)
@pytest.mark.parametrize("command", ["score", "search"])
def test_other_values_are_wrong_usage(command: str, option: list[str]) -> None:
    result = CliRunner().invoke(main, [command, "a.pdf", *option])

    assert result.exit_code == 2
    assert f"Error: Invalid value for '{option[0]}'" in result.stderr


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        (["search", "water"], "-k", "0"),
        (["search", "water"], "-k", "51"),
        (["score", "a.pdf"], "--workers", "0"),
        (["up"], "--workers", "-1"),
        (["status"], "--limit", "0"),
        (["dlq", "list"], "--limit", "-3"),
        (["bench", "a.pdf"], "--rounds", "0"),
    ],
)
def test_a_number_is_one_that_makes_sense(command: list[str], option: str, value: str) -> None:
    result = CliRunner().invoke(main, [*command, option, value])

    assert result.exit_code == 2
    assert f"Error: Invalid value for '{option}': {value} is not in the range 1<=x<=" in result.stderr
