"""Samples of a profiler become shares of the wall: by module, room, model and PDFium."""

import pytest

from esg.evaluate.bench.profile import by_module, by_room

WALLS = {"load": 1.0, "split": 0.0, "embed": 8.0, "rank": 1.0}
IN_SANDBOX = "main (esg/extract/sandbox/inside.py:40);parse (esg/extract/parse.py:31)"
SAMPLES = [
    f"{IN_SANDBOX};codes (esg/extract/pdf/bulk.py:60);FPDFText_GetUnicode (libpdfium.so) 3",
    f"{IN_SANDBOX};read_words (esg/extract/pdf/words.py:54);max (libpython3.11.so) 1",
    "extract (esg/extract/document.py:27);watch (esg/extract/sandbox/watch.py:30) 50",
    "_worker (thread.py:58);_mean (esg/embed/local.py:81);0x7f (onnxruntime_pybind11_state.so) 30",
    "_worker (thread.py:58);_mean (esg/embed/local.py:81) 10",
    "_report (esg/evaluate/bench/ours.py:60);score (esg/score/scorecard.py:28);any (esg/rubric/sieve.py:9) 5",
    "<module> (serve.py:3) 99",
]


def test_a_stage_weighs_as_its_wall_however_many_threads_it_has() -> None:
    shares = by_module(SAMPLES, WALLS)

    assert shares == pytest.approx(
        {
            "PDFium": 7.5,
            "esg/extract/pdf/words.py": 2.5,
            "model": 60.0,
            "esg/embed/local.py": 20.0,
            "esg/rubric/sieve.py": 10.0,
        }
    )
    assert sum(shares.values()) == pytest.approx(100)


def test_modules_add_up_to_rooms() -> None:
    rooms = by_room({"esg/extract/pdf/words.py": 2.0, "esg/extract/codec.py": 1.0, "esg/domain.py": 0.5})

    assert rooms == {"esg/extract": 3.0, "esg/domain": 0.5}
