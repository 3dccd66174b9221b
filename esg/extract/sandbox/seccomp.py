"""Inside the sandbox: a filter in the kernel that leaves a parser its memory and its input, and nothing else.

A parser that was taken over by the file it reads cannot reach the network, start a program, touch another
process or change a file: such calls fail with EPERM (seccomp(2), filter mode). Threads and reading files stay
possible, imports need them. On a machine whose calls are not listed here nothing is filtered, and the other
limits hold.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _GREATER_OR_EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_CLONE_THREAD = 0x10000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_X32 = 0x40000000  # another numbering of the same kernel's calls

# (audit number, names → numbers); from the kernel's asm/unistd.h.
_MACHINES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            **{
                "socket": 41,
                "connect": 42,
                "accept": 43,
                "sendto": 44,
                "sendmsg": 46,
                "bind": 49,
                "listen": 50,
            },
            **{"socketpair": 53, "accept4": 288, "sendmmsg": 307, "io_uring_setup": 425},
            **{"fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "unshare": 272, "setns": 308},
            **{"kill": 62, "rt_sigqueueinfo": 129, "tkill": 200, "rt_tgsigqueueinfo": 297},
            **{"pidfd_send_signal": 424, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311},
            **{"truncate": 76, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85, "link": 86, "unlink": 87},
            **{
                "symlink": 88,
                "chmod": 90,
                "chown": 92,
                "lchown": 94,
                "utime": 132,
                "mknod": 133,
                "mount": 165,
            },
            **{
                "mkdirat": 258,
                "mknodat": 259,
                "fchownat": 260,
                "unlinkat": 263,
                "renameat": 264,
                "linkat": 265,
            },
            **{"symlinkat": 266, "fchmodat": 268, "renameat2": 316, "openat2": 437, "bpf": 321},
            **{
                "perf_event_open": 298,
                "userfaultfd": 323,
                "open": 2,
                "openat": 257,
                "clone": 56,
                "clone3": 435,
            },
            **{"tgkill": 234},
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            **{"socket": 198, "socketpair": 199, "bind": 200, "listen": 201, "accept": 202, "connect": 203},
            **{"sendto": 206, "sendmsg": 211, "accept4": 242, "sendmmsg": 269, "io_uring_setup": 425},
            **{"execve": 221, "execveat": 281, "unshare": 97, "setns": 268, "kill": 129, "tkill": 130},
            **{"rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "pidfd_send_signal": 424, "ptrace": 117},
            **{
                "process_vm_readv": 270,
                "process_vm_writev": 271,
                "mknodat": 33,
                "mkdirat": 34,
                "unlinkat": 35,
            },
            **{"symlinkat": 36, "linkat": 37, "renameat": 38, "mount": 40, "truncate": 45, "fchmodat": 53},
            **{"fchownat": 54, "renameat2": 276, "openat2": 437, "bpf": 280, "perf_event_open": 241},
            **{"userfaultfd": 282, "openat": 56, "clone": 220, "clone3": 435, "tgkill": 131},
        },
    ),
}
# Calls that are judged by an argument: (its index, what is tested), or that must look missing.
_JUDGED = frozenset({"open", "openat", "clone", "clone3", "tgkill"})

Instruction = tuple[int, int, int, int]  # operation, jump if true, jump if false, operand


def confine() -> bool:
    """Filter this process's calls from here on; False where that is not possible.

    The process must have given up gaining privileges (PR_SET_NO_NEW_PRIVS).
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program(*machine, pid=os.getpid()))
    instructions = ctypes.create_string_buffer(code, len(code))
    filter_program = struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions))
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = (ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong)
    return bool(prctl(_PR_SET_SECCOMP, _MODE_FILTER, filter_program, 0, 0) == 0)


def program(audit: int, calls: dict[str, int], *, pid: int) -> list[Instruction]:
    """The filter in classic BPF: refuse what is listed, judge what depends on an argument, allow the rest."""
    refused = [number for name, number in calls.items() if name not in _JUDGED]
    lines: list[Instruction] = [
        *((_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL)),
        *((_LOAD, 0, 0, _NUMBER), (_GREATER_OR_EQUAL, 0, 1, _X32), (_RETURN, 0, 0, _KILL)),
    ]
    for number in refused:
        lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    for name, index in (("open", 1), ("openat", 2)):
        if name in calls:
            lines += _judged(calls[name], index, (_ANY_BIT, 0, 1, _WRITING), if_true=_ERRNO | errno.EPERM)
    lines += _judged(calls["clone"], 0, (_ANY_BIT, 1, 0, _CLONE_THREAD), if_true=_ERRNO | errno.EPERM)
    lines += _judged(calls["tgkill"], 0, (_EQUAL, 1, 0, pid), if_true=_ERRNO | errno.EPERM)
    # The C library falls back to clone, whose flags a filter can see.
    lines += [(_EQUAL, 0, 1, calls["clone3"]), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    return [*lines, (_RETURN, 0, 0, _ALLOW)]


def _judged(number: int, index: int, test: Instruction, *, if_true: int) -> list[Instruction]:
    """For one call, look at the low half of an argument; `test` skips the refusal or not."""
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * index),
        test,
        (_RETURN, 0, 0, if_true),
        (_RETURN, 0, 0, _ALLOW),
    ]
