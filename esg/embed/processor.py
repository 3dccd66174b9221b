"""What this processor multiplies 8-bit integers with."""

from pathlib import Path

_EXACT = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
_CPUINFO = Path("/proc/cpuinfo")


def has_exact_products() -> bool:
    """Whether it adds products of 8-bit integers in 32 bits; without that, x86 cuts each pair off at 16 bits.

    False where nothing tells.
    """
    try:
        lines = _CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    flags = next((line.partition(":")[2] for line in lines if line.startswith("flags")), "")
    return not _EXACT.isdisjoint(flags.split())
