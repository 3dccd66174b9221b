"""Gold as Iceberg tables behind a REST catalog: for engines that read tables, and for what was said before.

`scorecards` is written last and says what is there; a row of another table counts when its scorecard does.
"""

from esg.lake.iceberg.catalog import Place
from esg.lake.iceberg.store import IcebergGold

__all__ = ["IcebergGold", "Place"]
