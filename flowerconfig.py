"""Flower's settings for `celery -A esg flower`: on this machine alone, behind a password; FLOWER_* go first.

Who reaches Flower can stop workers, so nobody gets in without the password that was set, or else the one in
`ESG_HOME/flower.password`.
"""

import os as _os
from typing import Any as _Any

from celery import current_app as _current_app

from esg.cli.programs import FLOWER_USER as _USER
from esg.cli.programs import flower_password as _password
from esg.logs import configure as _configure
from esg.startup import settings_to_start_by as _settings_to_start_by
from tasks.base import FleetTask as _FleetTask

_settings = _settings_to_start_by("flower_password")
_configure(_settings.log_level)  # the JSON lines of the others, in place of Tornado's own


def format_task(task: _Any) -> _Any:
    """Say what a task does where its positional arguments would stand: messages have none."""
    known = _current_app.tasks.get(task.name)
    task.args = known.description if isinstance(known, _FleetTask) else task.args
    return task


address = _os.environ.get("FLOWER_ADDRESS", "127.0.0.1")
_default = f"{_USER}:{_password(_settings)}"
basic_auth = _os.environ.get("FLOWER_BASIC_AUTH", _default).split(",")
