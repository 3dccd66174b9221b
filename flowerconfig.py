"""Flower's settings for `celery -A esg flower`: on this machine alone, behind a password; FLOWER_* go first.

Who reaches Flower can stop workers, so nobody gets in without the password that was set, or else the one in
`ESG_HOME/flower.password`.
"""

import os as _os

from esg.cli.programs import FLOWER_USER as _USER
from esg.cli.programs import flower_password as _password
from esg.startup import settings_to_start_by as _settings_to_start_by

address = _os.environ.get("FLOWER_ADDRESS", "127.0.0.1")
_default = f"{_USER}:{_password(_settings_to_start_by('flower_password'))}"
basic_auth = _os.environ.get("FLOWER_BASIC_AUTH", _default).split(",")
