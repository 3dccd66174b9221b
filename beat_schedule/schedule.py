"""The table; `expires` drops a firing that waited longer than its interval."""

from celery.schedules import crontab

DAY = 86_400

SCHEDULE = {
    # Every worker sweeps by itself; this one keeps the fleet's books even while all stage workers are down.
    "sweep": {"task": "control.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "canary": {"task": "control.canary", "schedule": 30.0, "options": {"expires": 30}},
    "inbox": {"task": "etl.inbox", "schedule": 10.0, "options": {"expires": 10}},
    "nightly": {
        "task": "score.nightly",
        "schedule": crontab(minute="0", hour="2-23"),  # UTC; the first that fires has the day
        "kwargs": {"once_per_seconds": DAY},
        "options": {"expires": 3600},
    },
    "gold": {
        "task": "etl.gold",
        "schedule": crontab(minute="*/10"),
        "kwargs": {"once_per_seconds": 600},
        "options": {"expires": 600},
    },
    "compact": {
        "task": "etl.compact",
        "schedule": crontab(minute="30", hour="1-23"),
        "kwargs": {"once_per_seconds": DAY},
        "options": {"expires": 3600},
    },
    "expire": {
        "task": "etl.expire",
        "schedule": crontab(minute="45", hour="1-23"),
        "kwargs": {"once_per_seconds": DAY},
        "options": {"expires": 3600},
    },
}
