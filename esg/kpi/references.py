"""What a rubric may refer to: the figures and claims of a scorecard."""

from esg.kpi import claims, lexicon
from esg.kpi.figure import INTENSITY

_METHODS = ("location", "market", "unspecified")


def references() -> frozenset[str]:
    """List `kpi:KEY` and `claim:KEY` of all that a scorecard may hold."""
    kpis = {entry.key_of(entry.method(method)) for entry in lexicon.entries() for method in _METHODS}
    kpis |= {f"scope3_cat{category.number}" for category in lexicon.categories()}
    return frozenset(
        {f"kpi:{key}" for key in (*kpis, INTENSITY)} | {f"claim:{key}" for key in claims.named()}
    )
