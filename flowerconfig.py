"""Flower's settings for `celery -A esg flower`: on this machine alone, behind a password; FLOWER_* go first.

Who reaches Flower can stop workers, so nobody gets in without the password in `ESG_HOME/flower.password`.
"""

import os as _os

from esg.cli.programs import FLOWER_USER as _USER
from esg.cli.programs import flower_password as _password
from esg.settings import Settings as _Settings

address = _os.environ.get("FLOWER_ADDRESS", "127.0.0.1")
basic_auth = _os.environ.get("FLOWER_BASIC_AUTH", f"{_USER}:{_password(_Settings())}").split(",")
