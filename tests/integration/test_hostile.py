"""Hostile inputs, the short form of `make fuzz`: the corpus, some mutants, a target that breaks."""

import os
import random
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from esg.extract.base import ParseLimits
from tests.hostile.confined import confined
from tests.hostile.corpus import office, pages, pdfs
from tests.hostile.mutate import mutated
from tests.hostile.run import apart, run
from tests.hostile.targets import TARGETS, Target

MUTANTS = 20


@pytest.mark.parametrize("name", ["pdf", "html", "docx", "archive", "rubric", "labels", "api"])
def test_every_input_ends_with_an_answer_or_a_reason(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    cases = list(target.cases())

    result = run(target, len(cases) + MUTANTS, seed=7, folder=tmp_path, is_short=True)

    assert result.crashes == []
    assert result.inputs == len(cases) + MUTANTS - sum(one.is_bomb for one in cases)
    assert len(result.answers) > 1, "all inputs are of one kind"


@pytest.mark.parametrize(
    ("cases", "name", "answers"),
    [
        (pdfs, "content bomb", {"parser_timeout", "parser_memory"}),
        (pdfs, "form cycle", {"pages"}),
        (pdfs, "cut", {"truncated"}),
        (pages, "entity file", {"pages"}),
        (office, "bomb", {"parser_memory", "parser_timeout", "corrupt"}),
    ],
)
def test_the_sandbox_itself_answers_and_leaves_nothing(cases: object, name: str, answers: set[str]) -> None:
    made = next(one for one in cases.cases() if one.name == name)  # type: ignore[attr-defined]

    assert confined(made.make(), limits=ParseLimits(timeout_seconds=20, memory_bytes=1024**3)) in answers


def test_what_other_threads_open_meanwhile_is_not_held_against_the_sandbox() -> None:
    """Two targets run at once, in threads that each start processes."""
    cut = next(one for one in pdfs.cases() if one.name == "cut").make()
    is_over = threading.Event()
    others = threading.Thread(target=_open_more_and_more, args=(is_over,))
    others.start()
    try:
        assert apart(cut) == "truncated"
    finally:
        is_over.set()
        others.join()


def _open_more_and_more(is_over: threading.Event) -> None:
    with ExitStack() as opened:
        while not is_over.wait(0.01):
            opened.enter_context(Path(os.devnull).open("rb"))


# -- that what is wrong would be seen -----------------------------------------------------------------------


BROKEN = Target(
    "broken", "tests.fakes.broken_target:open_broken", "tests.fakes.broken_target", 1.0, patience_seconds=1
)


def test_a_target_that_breaks_is_found_out_and_the_rest_goes_on(tmp_path: Path) -> None:
    result = run(BROKEN, 5, seed=1, folder=tmp_path)

    found = {crash["name"]: crash["crash"] for crash in result.crashes}
    assert found == {
        "raises": "KeyError: 'xref'",
        "dies": "the process ended with -11 in take",
        "stays": "the process ended with -9 in take",
    }
    assert (result.inputs, result.answers) == (5, {"ok": 2})
    assert [Path(crash["file"]).read_bytes() for crash in result.crashes] == [b"raise", b"die", b"stay"]


def test_mutants_are_the_same_for_the_same_seed() -> None:
    def once(seed: int) -> list[bytes]:
        chance = random.Random(seed)
        return [mutated(b"%PDF 1 0 obj /Length 5", chance, [b"other"], [b"Type"]) for _ in range(50)]

    assert once(1) == once(1) != once(2)


def test_targets_share_all_inputs() -> None:
    assert sum(target.share for target in TARGETS.values()) == pytest.approx(1)
