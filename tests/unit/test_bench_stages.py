"""The benchmark takes documents through the product's own stages and relates them to a plain reference."""

import pytest

from esg.domain import Versions
from esg.evaluate.bench.stages import BARE_TEXT, Parts, bench_stages
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
    sample = fetch(str(SAMPLE), limits=FetchLimits(max_bytes=10**7))

    found = bench_stages([sample], parts, rounds=2)

    assert found.documents == {SAMPLE.name: 11}
    for part in (BARE_TEXT, "extract", "chunk", "embed", "score"):
        assert len(found.figure(part).samples) == 2
        assert found.figure(f"{part} / yardstick, CPU").value > 0
    walls = zip(found.figure("extract").samples, found.figure(BARE_TEXT).samples, strict=True)
    ratios = found.figure(f"extract / {BARE_TEXT}").samples
    assert ratios == pytest.approx([ours / theirs for ours, theirs in walls])
    assert found.figure(f"extract beyond {BARE_TEXT} / yardstick, CPU").value == pytest.approx(
        found.figure("extract / yardstick, CPU").value - found.figure(f"{BARE_TEXT} / yardstick, CPU").value
    )
    assert found.figure("embed, speed").unit == "chunks/s"
