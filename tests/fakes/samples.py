"""The committed sample reports, for tests that need a real one."""

from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "golden" / "samples"
SAMPLE = SAMPLES / "quernlow-2024.pdf"  # the shortest
