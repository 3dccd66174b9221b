"""Gold as a command asks for it: as it is kept in the catalog that is set, else fresh from the scorecards."""

from contextlib import suppress
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from esg import errors, newest
from esg.cli.console import talk
from esg.resources import Resources
from esg.state import slug


def tables(
    opened: Resources, company: str | None = None, *, as_of: datetime | None = None
) -> dict[str, pa.Table]:
    """Give gold, of one company where given, and as it was at a moment; raises NotFound for nothing."""
    with talk.status("reading gold"):
        is_kept = bool(opened.settings.iceberg_uri or as_of)
        if is_kept:
            kept = opened.gold.tables(as_of=as_of)
            found = kept if company is None else _of_company(kept, opened, company)
        else:
            found = newest.tables(opened, company)
    if not found["scorecards"].num_rows:
        raise _nothing(company, is_kept=is_kept)
    return found


def _of_company(kept: dict[str, pa.Table], opened: Resources, company: str) -> dict[str, pa.Table]:
    """The rows of a company that is asked for by its name, an alias, its LEI or its slug."""
    slugs = {slug(company)}
    with suppress(errors.NotFound):
        slugs.add(slug(opened.state.company_called(company).name))
    names = {name for name in kept["scorecards"]["company"].to_pylist() if slug(name) in slugs}
    wanted = pa.array(sorted(names), pa.string())
    return {name: table.filter(pc.is_in(table["company"], wanted)) for name, table in kept.items()}


def _nothing(company: str | None, *, is_kept: bool) -> errors.NotFound:
    whose = f" of {company!r}" if company else ""
    if is_kept:
        return errors.NotFound(
            f"There is nothing{whose} in gold yet.", next_step="Write it with: celery -A esg call etl.gold"
        )
    return errors.NotFound(
        f"Nothing{whose} was scored by this rubric yet.", next_step="Score a report with: esg score FILE"
    )
