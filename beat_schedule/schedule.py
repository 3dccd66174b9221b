"""The table; `expires` drops a firing that waited longer than its interval."""

SCHEDULE = {
    # Every worker sweeps by itself; this one keeps the fleet's books even while all stage workers are down.
    "sweep": {"task": "control.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "canary": {"task": "control.canary", "schedule": 30.0, "options": {"expires": 30}},
    "inbox": {"task": "etl.inbox", "schedule": 10.0, "options": {"expires": 10}},
    # What runs once a day or an hour, and when: esg/schedule; a beat that is late misses nothing.
    "clock": {"task": "control.clock", "schedule": 30.0, "options": {"expires": 30}},
}
