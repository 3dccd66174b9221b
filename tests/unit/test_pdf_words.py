"""Words of a PDF's page: which piece is a superscript."""

import numpy as np
import pytest

from esg.extract.pdf.words import is_raised


@pytest.mark.parametrize(
    ("size", "baseline", "line_size", "line_baseline", "raised"),
    [
        (6.0, 96.0, 10.0, 100.0, True),  # smaller, and four tenths up
        (6.0, 101.0, 10.0, 100.0, False),  # smaller, and lowered
        (10.0, 100.0, 10.0, 100.0, False),
        (0.0, 100.0, 0.0, 100.0, False),  # letters without size, as hostile files have them
        (0.0, 90.0, 0.0, 100.0, False),
    ],
)
def test_a_superscript_stands_above_its_line(
    size: float, baseline: float, line_size: float, line_baseline: float, raised: bool
) -> None:
    values = np.array([size, baseline, line_size, line_baseline], np.float32)
    assert is_raised(*values) == raised  # NumPy would warn of 0 / 0, which fails a test here
