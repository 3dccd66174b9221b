"""`esg doctor` on the database and the broker: what the server said, and what of the address is wrong."""

import redis
import sqlalchemy as sa
from sqlalchemy import exc

from esg import broker, errors
from esg.cli.console import counted
from esg.resources import Resources
from esg.settings import Settings
from esg.state import schema
from esg.state.engine import reading

_DATABASE_ADVICE = {  # in the server's words, and libpq's
    "password": "Check the user and the password in ESG_DATABASE_URL.",  # nosec B105  # a sentence
    "role": "Check the user in ESG_DATABASE_URL, or make it: CREATE ROLE …",
    "refused": "Check the host and the port in ESG_DATABASE_URL, and that the server runs.",
    "resolve": "Check the host in ESG_DATABASE_URL.",
    "translate": "Check the host in ESG_DATABASE_URL.",
    "does not exist": "Make the database that ESG_DATABASE_URL names: CREATE DATABASE …",
    "certificate": "Check sslmode and sslrootcert in ESG_DATABASE_URL.",
    "ssl": "Check sslmode and sslrootcert in ESG_DATABASE_URL.",
    "timeout": "Check the host in ESG_DATABASE_URL, and that a firewall lets this machine through.",
}
_BROKER_ADVICE: dict[type[Exception], str] = {  # the narrower first
    redis.AuthenticationError: "Check the user and the password in ESG_BROKER_URL.",
    redis.TimeoutError: "Check the host in ESG_BROKER_URL, and rediss:// or redis:// as the server has it.",
    redis.ConnectionError: "Check the host and the port in ESG_BROKER_URL, and that the server runs.",
    ValueError: "Write ESG_BROKER_URL as redis://:PASSWORD@HOST:PORT/0, or rediss:// with TLS.",
}


def check_database(r: Resources) -> str:
    """Read from the state; raises what the server said or which tables are missing, and what to do."""
    try:
        _refuse_lost_tables(r)
        done = sum(states.get("done", 0) for states in r.state.stage_counts().values())
    except errors.Transient as error:
        raise _told(error) from error
    return f"{r.state.engine.dialect.name}, {counted(done, 'stage run')} done"


def check_broker(settings: Settings) -> str:
    """Ask the broker, an embedded one that was started for this and ends with it where none is given or runs.

    Raises as `check_database` does.
    """
    is_passing = not broker.is_given(settings) and broker.running(settings) is None
    try:
        return _broker(settings)
    finally:
        if is_passing:
            broker.stop(settings)


def _broker(settings: Settings) -> str:
    try:
        info = broker.connect(broker.ensure(settings)).info()
    except (redis.RedisError, ValueError) as error:
        advice = next((text for kind, text in _BROKER_ADVICE.items() if isinstance(error, kind)), "")
        raise errors.Misconfigured(f"The broker says: {error}", next_step=advice) from error
    kind = "embedded" if broker.running(settings) else "given"
    return f"{kind} Redis {info['redis_version']}, append-only {'on' if info.get('aof_enabled') else 'off'}"


def _refuse_lost_tables(r: Resources) -> None:
    """Opening the state makes tables once: those that were dropped since, no migration makes again."""
    with reading(r.state.engine) as connection:
        there = sa.inspect(connection).get_table_names()
    if lost := sorted(schema.metadata.tables.keys() - there):
        raise errors.Misconfigured(
            f"The database has lost {', '.join(lost)}.",
            next_step="Bring a backup to an empty database: esg restore FOLDER, "
            "docs/operations/disaster-recovery.md.",
        )


def _told(error: errors.Transient) -> errors.EsgError:
    cause = error.__cause__
    said = str(cause.orig if isinstance(cause, exc.DBAPIError) else cause)
    line = said.partition("\n")[0].removeprefix("connection failed: ")
    advice = next((text for words, text in _DATABASE_ADVICE.items() if words in said.lower()), "")
    return errors.Misconfigured(
        f"The database says: {line}", next_step=advice or "Check ESG_DATABASE_URL and that the server runs."
    )
