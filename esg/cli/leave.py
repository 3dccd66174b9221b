"""The end of the program: after everything of ours, before the destructors of native libraries.

DuckDB, Arrow and ONNX Runtime each keep threads to the end; about one `esg search` in 150 was aborted there
("terminate called without an active exception"), its answer long printed, and ended with a wrong code.
"""

import atexit
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any


def as_program(run: Callable[..., Any], *args: Any, **extra: Any) -> Any:
    """Run what ends by SystemExit; the process then ends with its code as soon as Python is done."""
    codes: list[int] = []
    atexit.register(_leave, codes)  # registered first, so that it comes after what others register
    try:
        return run(*args, **extra)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            codes.append(ended.code or 0)
        raise


def _leave(codes: list[int]) -> None:
    """Do nothing where the program ends by an error, which Python is still to print."""
    if codes:
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):  # nobody reads on, or it is closed
                stream.flush()
        os._exit(codes[0])
