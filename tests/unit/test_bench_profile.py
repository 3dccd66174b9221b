"""Samples of a profiler become shares of the wall: by module, room, model and PDFium."""

import pytest

from esg.evaluate.bench.profile import by_module, by_room

WALLS = {"load": 1.0, "split": 0.0, "embed": 8.0, "rank": 1.0}
IN_SANDBOX = "main (esg/extract/sandbox/inside.py:40);parse (esg/extract/parse.py:31)"
SAMPLES = [
    f"{IN_SANDBOX};codes (esg/extract/pdf/bulk.py:60);FPDFText_GetUnicode (libpdfium.so) 3",
    f"{IN_SANDBOX};read_words (esg/extract/pdf/words.py:54);max (libpython3.11.so) 1",
    "watch (esg/extract/sandbox/watch.py:30);time_sleep (libpython3.11.so);clock_nanosleep (libc.so.6) 50",
    "embed (esg/embed/local.py:49);wait (threading.py:327);lock_PyThread_acquire_lock (libpython3.11.so);"
    "PyThread_acquire_lock_timed (libpython3.11.so);0x7f (libc.so.6);0x7e (libc.so.6) 40",
    "_mean (esg/embed/local.py:74);run (onnxruntime/capi/session.py:395);pthread_cond_wait (libc.so.6) 20",
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


def test_a_watcher_that_looks_is_at_work() -> None:
    looks = "watch (esg/extract/sandbox/watch.py:49);Path.read_bytes (pathlib.py:1051);read (libc.so.6) 3"

    assert by_module([looks], WALLS) == {"esg/extract/sandbox/watch.py": pytest.approx(10)}


def test_modules_add_up_to_rooms() -> None:
    rooms = by_room({"esg/extract/pdf/words.py": 2.0, "esg/extract/codec.py": 1.0, "esg/domain.py": 0.5})

    assert rooms == {"esg/extract": 3.0, "esg/domain": 0.5}
