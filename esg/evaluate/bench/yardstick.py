"""A fixed piece of work, whose CPU seconds others are divided by: machines differ, and so does their load."""

import re
import time
from collections import Counter

import numpy as np

LINES = 10_000  # less than a tenth of a second
WORD = re.compile(r"\w+")


def yardstick() -> float:
    """CPU seconds of a fixed piece of work like ours: strings, patterns, dicts, small arrays."""
    started = time.process_time()
    counts: Counter[str] = Counter()
    for number in range(LINES):
        line = (
            f"Scope {number % 3} emissions were {number} tCO2e in {2000 + number % 25}, {number % 97} % less"
        )
        counts.update(word.casefold() for word in WORD.findall(line))
        np.sort(np.arange(64, dtype=np.float32) * (number % 7)).cumsum()
    sorted(counts, key=lambda word: (-counts[word], word))
    return time.process_time() - started
