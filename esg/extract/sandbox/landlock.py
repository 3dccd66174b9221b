"""Inside the sandbox: which files a parser may still read, as the kernel enforces it (landlock(7)).

Its code and that of its libraries, fonts among them, and what tells of processors and memory: nobody's
report, no settings, no secret, and nothing of another process (/proc/PID is closed, too: who is confined
so may not look into those who are not). Linux has it since 5.13, where its builder and boot line left it
on; elsewhere nothing is refused by it, and the other limits hold.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_TELL_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_ALL = (1 << 13) - 1  # rights of the first version: everything that opens, makes or removes
_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime"),
    *("/dev/null", "/dev/urandom", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system"),
)
_HOUSE = Path(__file__).parents[3]


def confine_files(more: Iterable[str] = ()) -> bool:
    """Leave this process its code to read, and what is beneath `more`; False where the kernel cannot do that.

    The process must have given up gaining privileges (PR_SET_NO_NEW_PRIVS).
    """
    if not version():
        return False
    handled = struct.pack("=Q", _ALL)
    ruleset = _call(_CREATE_RULESET, handled, len(handled), 0)
    try:
        for path in dict.fromkeys([*_code(), *_SYSTEM, *more]):
            with suppress(OSError):  # not there, or not to be opened by this user
                _allow(ruleset, path)
        return _call(_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def version() -> int:
    """Tell which version of Landlock the kernel has; 0 for none."""
    return max(0, _call(_CREATE_RULESET, None, 0, _TELL_VERSION)) if sys.platform == "linux" else 0


def _call(number: int, *arguments: int | bytes | None) -> int:
    """Call the kernel; the C library has no names for these."""
    return int(ctypes.CDLL(None).syscall(number, *arguments))


def _code() -> Iterator[str]:
    """Python, its libraries and ours; not the checkout, which may hold settings, reports and a home."""
    yield from (sys.prefix, sys.base_prefix, str(_HOUSE / "esg"))
    for place in map(Path, sys.path):
        is_checkout = _HOUSE.is_relative_to(place) and not place.name.endswith("-packages")
        if place.is_absolute() and not is_checkout:
            yield str(place)


def _allow(ruleset: int, path: str) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | (_READ_DIR | _EXECUTE if Path(path).is_dir() else 0)
        rule = struct.pack("=Qi", rights, opened)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)
