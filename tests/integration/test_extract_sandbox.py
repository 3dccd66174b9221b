"""The sandbox with real processes: whatever a parser does, the caller gets an answer and nothing is left."""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from esg.errors import Rejected, Transient, Unavailable
from esg.extract import ParseLimits, sandbox
from esg.extract.sandbox.landlock import version
from tests.fakes.processes import is_running, parsers_of, threads_of, zygotes_of

FAKES = Path(__file__).parents[1] / "fakes"
LIMITS = ParseLimits(timeout_seconds=30, memory_bytes=768 * 1024**2)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own limits are Linux's")


def run(
    parser: str,
    data: bytes = b"data",
    *,
    limits: ParseLimits = LIMITS,
    modules: Sequence[str] = (),
    **arguments: object,
) -> bytes:
    return sandbox.run(
        f"hostile_parsers:{parser}", data, arguments, limits=limits, import_from=[FAKES], modules=modules
    )


def code(parser: str, *, limits: ParseLimits = LIMITS) -> str:
    with pytest.raises(Rejected) as refusal:
        run(parser, limits=limits)
    return refusal.value.code


def wait_for(what: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


# -- what works -------------------------------------------------------------------------------------------


def test_bytes_go_in_and_come_out() -> None:
    assert run("echo", bytes(range(256)) * 1000, prefix="é\n") == "é\n".encode() + bytes(range(256)) * 1000


def test_what_libraries_print_does_not_reach_the_result() -> None:
    assert run("print_then_echo") == b"data"


def test_a_parsers_own_rejection_is_the_callers() -> None:
    with pytest.raises(Rejected) as refusal:
        run("reject")

    reason = refusal.value
    assert (reason.message, reason.code, reason.next_step) == ("It is a joke.", "joke", "Laugh.")


def test_it_works_beside_threads_and_many_at_once() -> None:
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(run("echo"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [b"data"] * 4


# -- what goes wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parser", "reason"),
    [
        ("raise_error", "parser_failed"),
        ("die", "parser_failed"),
        ("never_bytes", "parser_failed"),
        ("no_such_parser", "parser_failed"),
        ("segfault", "parser_crashed"),
        ("abort", "parser_crashed"),
        ("dump_core", "parser_crashed"),
        ("hog", "parser_memory"),
        ("hog_natively", "parser_memory"),
        ("flood", "parser_memory"),
    ],
)
def test_a_parser_that_breaks_is_a_rejection(parser: str, reason: str) -> None:
    assert code(parser) == reason


def test_a_result_beyond_the_limit_is_a_rejection() -> None:
    with pytest.raises(Rejected) as refusal:
        sandbox.run(
            "hostile_parsers:echo",
            bytes(10**6),
            {},
            limits=LIMITS,
            import_from=[FAKES],
            max_output_bytes=10**5,
        )

    assert refusal.value.code == "parser_output"


@pytest.mark.parametrize("parser", ["sleep", "spin"])
def test_a_parser_that_does_not_end_is_ended(parser: str) -> None:
    began = time.monotonic()

    assert code(parser, limits=ParseLimits(timeout_seconds=1)) == "parser_timeout"
    assert time.monotonic() - began < 10


def test_a_bug_leaves_its_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="esg.extract.sandbox.process"):
        code("raise_error")

    assert "KeyError: 'xref'" in caplog.text


# -- what it may do ---------------------------------------------------------------------------------------


def test_it_sees_nothing_of_the_workers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IBM_WATSONX_API_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")

    seen = run("environment").decode()

    assert "IBM" not in seen
    assert "PYTHONPATH" not in seen


@linux
def test_it_inherits_no_open_file() -> None:
    with Path(__file__).open() as secret:
        os.set_inheritable(secret.fileno(), True)

        descriptors = run("open_files").split()

    # Standard streams, the result's file, and the listing itself.
    assert len(descriptors) <= 5


@linux
@pytest.mark.parametrize(
    "deed", ["open_a_socket", "start_a_program", "fork", "write_a_file", "remove_a_file", "signal_the_worker"]
)
def test_it_can_reach_nothing_but_its_input(deed: str, tmp_path: Path) -> None:
    (tmp_path / "precious").touch()

    assert run("attempt", deed=deed, folder=str(tmp_path)) == b"refused"
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


@pytest.mark.skipif(not version(), reason="this kernel has no Landlock")
@pytest.mark.parametrize(
    "deed",
    [
        "read_a_file",
        "list_a_folder",
        "read_a_home",
        "read_the_users",
        "read_the_workers_environment",
        "list_the_processes",
    ],
)
def test_it_can_read_nothing_but_code(deed: str, tmp_path: Path) -> None:
    (tmp_path / "precious").touch()

    assert run("attempt", deed=deed, folder=str(tmp_path)) == b"refused"


def test_what_confines_it_is_told() -> None:
    told = sandbox.confinement()

    assert ("seccomp)" in told) is (sys.platform == "linux")
    assert ("Landlock)" in told) is (version() > 0)


@linux
def test_it_may_use_threads_and_read_its_code(tmp_path: Path) -> None:
    assert run("attempt", deed="start_a_thread", folder=str(tmp_path)) == b"done"
    assert run("attempt", deed="read_its_code", folder=str(tmp_path)) == b"done"


_LOADED = """
from pathlib import Path
from esg.extract import ParseLimits, sandbox
modules, order = ["esg.extract.parse", "esg.extract.pdf"], {"imported": "esg.extract.parse"}
run = lambda: sandbox.run(
    "hostile_parsers:modules", b"", order, limits=ParseLimits(), import_from=[Path(%r)], modules=modules
)
print(run().decode())
"""


def test_it_loads_only_what_a_parse_needs() -> None:
    told = subprocess.run([sys.executable, "-c", _LOADED % str(FAKES)], stdout=subprocess.PIPE, check=True)
    loaded = told.stdout.decode().split("\n")

    assert "esg.extract.pdf" in loaded
    assert not {"celery", "sqlalchemy", "fastapi", "httpx", "PIL", "onnxruntime"} & set(loaded)


# -- who starts it ----------------------------------------------------------------------------------------


def test_code_is_loaded_once_and_each_parser_is_as_new() -> None:
    first, second = (json.loads(run("count_calls", modules=["wave"])) for _ in range(2))

    assert first["calls"] == second["calls"] == 1
    assert first["parent"] == second["parent"] == next(iter(zygotes_of(os.getpid())))
    assert first["has_wave"]
    assert first["pid"] != second["pid"]


@linux
def test_no_thread_runs_where_parsers_are_forked() -> None:
    """A fork has one thread; what another one held would stay locked in it."""
    run("echo", modules=["esg.extract.parse", "esg.extract.pdf", "esg.extract.html", "esg.extract.docx"])

    (zygote,) = zygotes_of(os.getpid())
    assert len(threads_of(zygote)) == 1


def test_a_module_that_cannot_be_loaded_is_the_parsers_trouble() -> None:
    assert run("echo", modules=["no_such_module"]) == b"data"


def test_another_one_is_started_where_it_was_killed() -> None:
    run("echo")
    (killed,) = zygotes_of(os.getpid())
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not is_running(killed))

    assert run("echo") == b"data"
    assert killed not in zygotes_of(os.getpid())


_FULL = """
from esg.errors import Unavailable
from esg.extract import ParseLimits, sandbox
try:
    sandbox.run("builtins:bytes", b"", {}, limits=ParseLimits(), modules=["tests.fakes.no_more_processes"])
except Unavailable as error:
    print(error.message)
"""


def test_no_document_is_blamed_where_no_process_can_be_started() -> None:
    told = subprocess.run([sys.executable, "-c", _FULL], stdout=subprocess.PIPE, check=True, text=True).stdout

    assert told == "No parser can be started: Resource temporarily unavailable.\n"


@linux
def test_its_parsers_die_with_it_and_no_document_is_blamed() -> None:
    kill_when_confined(zygotes_of)

    with pytest.raises(Transient, match="killed from outside"):
        run("wait_for_a_signal")

    assert parsers_of(os.getpid()) == set()
    assert run("echo") == b"data"


# -- how it dies ------------------------------------------------------------------------------------------

_WORKER = """
import sys
from pathlib import Path
from esg.extract import ParseLimits, sandbox
entry, folder = "hostile_parsers:wait_for_a_signal", Path(sys.argv[1])
sandbox.run(entry, b"", {}, limits=ParseLimits(), import_from=[folder])
"""


@linux
def test_it_dies_with_its_worker() -> None:
    """A worker that is killed cannot clean up; the kernel does."""
    worker = subprocess.Popen([sys.executable, "-c", _WORKER, str(FAKES)])
    wait_for(lambda: bool(parsers_of(worker.pid)))
    (parser,), (zygote,) = parsers_of(worker.pid), zygotes_of(worker.pid)
    wait_for(lambda: _is_confined(parser))

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    wait_for(lambda: not is_running(parser) and not is_running(zygote))


def _is_confined(pid: int) -> bool:
    return "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text()


@linux
def test_no_document_is_blamed_for_a_kill_from_outside() -> None:
    """The kernel kills where memory is short, a person by mistake: it is tried again, within its budget."""
    kill_when_confined(parsers_of)

    with pytest.raises(Transient, match="killed from outside"):
        run("wait_for_a_signal")


def kill_when_confined(found: Callable[[int], set[int]]) -> None:
    """Once a parser is at work, kill what is found of this process."""

    def kill() -> None:
        wait_for(lambda: any(map(_is_confined, parsers_of(os.getpid()))))
        (victim,) = found(os.getpid())
        os.kill(victim, signal.SIGKILL)

    threading.Thread(target=kill).start()


@linux
def test_nothing_is_left_after_a_timeout() -> None:
    code("spin", limits=ParseLimits(timeout_seconds=0.5))

    assert parsers_of(os.getpid()) == set()


@linux
def test_it_works_in_a_daemonic_process_of_a_pool() -> None:
    """Celery's prefork children are daemonic: multiprocessing would refuse to start a process there."""
    from billiard.context import ForkContext

    assert run("echo") == b"data"
    ours = zygotes_of(os.getpid())

    context = ForkContext()
    answers = context.SimpleQueue()
    child = context.Process(target=lambda: answers.put(run("echo")), daemon=True)
    child.start()
    child.join(30)

    assert answers.get() == b"data"
    assert run("echo") == b"data"
    assert zygotes_of(os.getpid()) == ours, "a fork has one of its own"


def test_no_document_is_blamed_for_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither where the parser's answer has no room nor where its order has none: it is tried again."""
    with pytest.raises(Unavailable, match="No space left on device"):
        run("on_a_full_disk")

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(Unavailable, match="No temporary file can be written: File too large"):
            run("open_files")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "full"))
    with pytest.raises(Unavailable, match=r"No temporary file can be written.*TMPDIR"):
        run("open_files")
