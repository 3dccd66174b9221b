"""The Celery application, so that `celery -A esg …` works; every setting is in `celeryconfig.py`."""

from celery import Celery

app = Celery("esg")
app.config_from_object("celeryconfig")
