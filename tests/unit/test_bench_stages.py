"""The benchmark takes documents through the product's own stages and relates them to a plain reference."""

import pytest

from esg.domain import Versions
from esg.evaluate.bench.stages import BARE_TEXT, Parts, bench
from esg.extract import ParseLimits
from esg.fetch import FetchLimits, fetch
from esg.rubric import Rubric
from esg.score import LocalJudge
from tests.fakes.letter_embedder import LetterEmbedder
from tests.fakes.samples import SAMPLE


def test_every_stage_is_timed_and_related_to_its_reference(maturity: Rubric) -> None:
    embedder = LetterEmbedder()
    parts = Parts(
        embedder=embedder,
        judge=LocalJudge(),
        rubric=maturity,
        versions=Versions("test", embedder.id, LocalJudge.id),
        limits=ParseLimits(max_pages=50, timeout_seconds=60, memory_bytes=2**31),
        max_tokens=min(256, embedder.max_tokens),
    )
    timings = {
        t.part: t for t in bench([fetch(str(SAMPLE), limits=FetchLimits(max_bytes=10**7))], parts, rounds=1)
    }

    assert list(timings) == [BARE_TEXT, "extract", "chunk", "embed", "score"]
    assert timings["extract"].units == 11
    assert timings["embed"].unit == "chunks"
    extract = timings["extract"]
    assert extract.ratio == pytest.approx(extract.seconds / timings[BARE_TEXT].seconds)
    assert timings[BARE_TEXT].reference == ""
