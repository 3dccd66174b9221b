"""`esg migrate`: bring the database up to date before the processes of a release start."""

import time

import click

from esg import errors
from esg.cli.console import emit, json_option, talk
from esg.startup import settings_to_start_by
from esg.state import give_rights, open_engine, upgrade
from esg.state.engine import reading
from esg.state.migrate import floor, revision

RETRY_SECONDS = 1.0


@click.command("migrate")
@click.option(
    "--wait",
    "wait_seconds",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="How long to wait for a database that does not answer.",
)
@json_option
def command(wait_seconds: float, as_json: bool) -> None:
    """Create or migrate the tables of ESG_DATABASE_URL; twice is once.

    Every process does it when it opens the database. A release that is rolled out does it first, so that
    a migration that cannot be made, or a setting that is missing or wrong, stops it
    (docs/operations/upgrade.md). As the owner of PostgreSQL's tables it also says what the other roles may
    do with them (infra/postgres/roles.sql).
    """
    engine = open_engine(settings_to_start_by().database)
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            with reading(engine) as tx:
                before = revision(tx)
            upgrade(engine)
            give_rights(engine)
            break
        except errors.Transient:
            if time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_SECONDS)
    with reading(engine) as tx:
        now, oldest = revision(tx), floor(tx)
    engine.dispose()
    if as_json:
        emit({"before": before, "revision": now, "oldest_code": oldest})
        return
    came = "as it was" if before == now else f"from {before or 'nothing'}"
    talk.print(f"the database is at {now}, {came}; code of {oldest} and newer may work on it", markup=False)
