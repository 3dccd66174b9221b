"""How the program ends: with its code, all that it said, and what was to be done at the end."""

import pytest

from tests.fakes.terminal import python

PROGRAM = """
import atexit, sys, click
from esg.cli.leave import as_program

@click.command()
@click.argument("code", type=int)
def main(code):
    atexit.register(lambda: print("done at the end"))
    print("said" * 30_000)
    {ending}

as_program(main)
"""


@pytest.mark.parametrize("code", [0, 3])
def test_it_ends_with_its_code_after_all_was_done_and_said(tmp_path, code):
    ran = python(tmp_path, PROGRAM.format(ending="sys.exit(code)"), str(code), code=code)

    assert ran.stdout.splitlines() == ["said" * 30_000, "done at the end"]


def test_an_error_that_nobody_knows_stays_loud(tmp_path):
    ran = python(tmp_path, PROGRAM.format(ending="raise LookupError('what')"), "0", code=1)

    assert "LookupError: what" in ran.stderr
    assert "done at the end" in ran.stdout
