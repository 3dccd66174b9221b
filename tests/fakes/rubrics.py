"""A small rubric of one theme, water, as TOML, for tests that load it, break it or word it anew."""

from collections.abc import Sequence

OWN = """
[rubric]
id = "own"
version = "1"
as_of = "2026-11"
languages = ["en"]

[vocabulary]
water = '\\b(?:water|effluent)\\b'

[counter_cues.negation]
patterns = ['\\bnot\\b']

[[theme]]
code = "WAT"
name = "Water"
definition = "How water is cared for."
excludes = ["negation"]

[theme.level.1]
text = "Water is spoken of."
need = 0.5
[theme.level.2]
text = "Water is measured."
need = 0.5
[theme.level.3]
text = "Water has targets."
need = 0.5
[theme.level.4]
text = "Water is restored."
need = 0.5
"""

CRITERION = """
[[theme.criterion]]
id = "WAT.{level}.a"
text = "Water is there."
queries = ["water use"]
cues = [['{{water}}', '\\d']]
"""


def own(levels: Sequence[int] = (1, 2, 3, 4)) -> str:
    """Write the rubric with a criterion of each of the levels."""
    return OWN + "".join(CRITERION.format(level=level) for level in levels)
