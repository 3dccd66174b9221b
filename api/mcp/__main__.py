"""`python -m api.mcp`: serve one assistant over standard input and output, as `esg mcp` does."""

import sys
from functools import partial

import click

from api.app import open_house
from api.mcp.desk import Desk
from api.mcp.server import open_server
from api.publisher import url_of
from api.rates import SharedRates
from esg import logs
from esg.errors import EsgError
from esg.settings import Settings


def main() -> None:
    try:
        settings = Settings()
        house = open_house(settings)
        rates = SharedRates(partial(url_of, settings), house.metrics)
        desk = Desk(house, rates, is_stdio=True)
        desk.refuse_without_key()
    except EsgError as error:
        click.secho(f"esg: {error}", fg="red", err=True)
        sys.exit(2)
    logs.configure(settings.log_level)  # on standard error: standard output is the wire
    house.publisher.start()
    try:
        open_server(desk).run("stdio")
    finally:
        house.publisher.stop()


if __name__ == "__main__":
    main()
