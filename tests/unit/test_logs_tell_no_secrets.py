"""No secret and no word of a foreign exception comes out of any logger, whoever brought it along."""

import importlib
import io
import json
import logging
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest
from pydantic import SecretStr

import api
import esg
import tasks
import workers
from esg import logs, redact
from esg.errors import EsgError, Transient
from esg.settings import Settings
from esg.tokens import mint

LIBRARIES = (
    "asyncio",
    "cassandra.cluster",
    "celery.app.trace",
    "celery.beat",
    "celery.worker.consumer",
    "flower.app",
    "httpcore",
    "httpx",
    "ibm_watsonx_ai",
    "kombu",
    "redis",
    "sqlalchemy.engine.Engine",
    "tornado.application",
    "uvicorn.error",
)
FIRST = ("@timestamp", "level", "logger", "message", "request_id", "trace_id")
WORDS = "Zebraword is a sentence of the report"
KNOWN = "plain-known-value-71"  # of a form that nobody could tell for a secret
SECRETS = {
    "database URL": ("postgresql+psycopg://esg:Db-Pass.91@db:5432/esg", "Db-Pass.91"),
    "broker URL": ("rediss://:Br0ker-Pass@redis:6379/0", "Br0ker-Pass"),
    "key of ours": (mint().text, None),
    "bearer": ("Authorization: Bearer abc.DEF-123_456", "abc.DEF-123_456"),
    "header": ("X-API-Key: qwertz-8172", "qwertz-8172"),
    "form": ("grant_type=x&apikey=wx-key-5512&project=1", "wx-key-5512"),
    "JSON": ('{"access_token": "tok-99-88-77", "expires": 3600}', "tok-99-88-77"),
    "JSON web token": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", None),
    "Astra": ("AstraCS:abcDEF:0123456789abcdef", None),
    "AWS": ("AKIAIOSFODNN7EXAMPLE", None),
    "password": ("password='hunter2hunter2'", "hunter2hunter2"),
    "known": (f"something {KNOWN} something", KNOWN),
}


def every_logger() -> list[logging.Logger]:
    """Import all of ours, and so the libraries that they use; then ask logging who there is."""
    for package in (api, esg, tasks, workers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(("__main__", ".sandbox.inside")):
                _import(module.name)
    for name in LIBRARIES:
        logging.getLogger(name)
    known = logging.Logger.manager.loggerDict.values()
    return [logging.getLogger(), *(logger for logger in known if isinstance(logger, logging.Logger))]


def _import(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:  # an extra that is not installed
        return None


@pytest.fixture(scope="module")
def loggers() -> list[logging.Logger]:
    found = every_logger()
    assert len(found) > 100, "that is not all of them"
    return found


@pytest.fixture
def stream(loggers: list[logging.Logger]) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, kept = (
        (root.handlers[:], root.level),
        {logger: (logger.handlers[:], logger.propagate, logger.level, logger.disabled) for logger in loggers},
    )
    stream = io.StringIO()
    logs.configure("debug", stream)
    redact.conceal(KNOWN)
    for logger in loggers:
        logger.disabled = False
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, (handlers, propagate, level, is_disabled) in kept.items():
        logger.handlers[:], logger.propagate, logger.disabled = handlers, propagate, is_disabled
        logger.setLevel(level)
    root.handlers[:], _ = before
    logging.captureWarnings(False)


def test_secrets_are_taken_out_of_messages_arguments_fields_and_exceptions(
    loggers: list[logging.Logger], stream: io.StringIO
) -> None:
    for logger in loggers:
        for said, _ in SECRETS.values():
            logger.error(said)
            logger.error("it was %s", said)
            logger.warning("it was %(it)r", {"it": said})
            logger.error("it was %s", Transient(said))
            logger.info("answered", extra={"path": said, "outcome": said})
            _raise(logger, Transient(f"A server answered {said}"))
            _raise(logger, ValueError(said))

    out = stream.getvalue()
    for what, (said, secret) in SECRETS.items():
        assert (secret or said) not in out, f"the {what} came out"
    assert redact.MASK in out
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line["logger"] for line in lines} == {logger.name for logger in loggers}, "all were heard"
    assert {tuple(line)[:6] for line in lines} == {FIRST}


def test_words_of_foreign_exceptions_stay_in(loggers: list[logging.Logger], stream: io.StringIO) -> None:
    """They may be those of a document: also where a library, as Celery does, writes them into its message."""
    for logger in loggers:
        error = KeyError(WORDS)
        logger.error("it failed: %s", error)
        _raise(logger, error, f"Task raised unexpected: {error!r}")
        _raise(logger, error, f"Task raised unexpected: {error}")
        try:
            raise Transient("The server is busy.") from error
        except EsgError as ours:
            logger.exception("after %r", repr(error), exc_info=ours)

    assert "Zebraword" not in stream.getvalue()
    assert "The server is busy." in stream.getvalue()
    assert "KeyError" in stream.getvalue()


def test_every_secret_setting_is_known_to_the_log_once_it_is_read() -> None:
    secret = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    assert len(secret) >= 8
    for name in secret:
        Settings.model_validate({name: f"unlikely-{name}-value"})
        assert redact.clean(f"it is unlikely-{name}-value") == f"it is {redact.MASK}"
    Settings.model_validate({"database_url": "postgresql://esg:odd%2Fpass@db/esg"})
    assert redact.clean("odd/pass was refused") == f"{redact.MASK} was refused"


@pytest.mark.parametrize(
    "text",
    [
        "Connected to redis://broker:6379/0",
        "5 tokens were read",
        "The key of the answer is known",
        "a@b.example",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact.clean(text) == text


def _raise(logger: logging.Logger, error: Exception, message: str = "it failed") -> None:
    try:
        raise error
    except Exception:
        logger.exception(message)
