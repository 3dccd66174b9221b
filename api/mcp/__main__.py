"""`python -m api.mcp`: serve one assistant over standard input and output, as `esg mcp` does."""

import sys

import click

from api.app import open_house
from api.mcp.desk import Desk
from api.mcp.server import open_server
from esg import logs
from esg.errors import EsgError
from esg.settings import Settings


def main() -> None:
    try:
        settings = Settings()
        house = open_house(settings)
        Desk(house).refuse_without_key()
    except EsgError as error:
        click.secho(f"esg: {error}", fg="red", err=True)
        sys.exit(2)
    logs.configure(settings.log_level)  # on standard error: standard output is the wire
    house.publisher.start()
    try:
        open_server(house, is_stdio=True).run("stdio")
    finally:
        house.publisher.stop()


if __name__ == "__main__":
    main()
