"""Where tasks run: the processes of the fleet.

    python -m workers ingest|embed|index|score|control    a worker of that role (workers/roles.py)
    python -m workers beat                                the clock
    celery -A esg worker -Q embed                         the same worker as Celery itself starts it

The first is Celery's worker in this very process, so a supervisor's signals reach it, without the rest of
Celery's command line (Flower, a shell), which would take a third of the time to start.
SIGTERM drains: what is under way may end within ESG_DRAIN_SECONDS, the rest is given back in SQL; exit 0.
SIGQUIT gives back at once. SIGKILL is always safe: leases run out, another worker goes on.

The environment says the rest: ESG_WORKER_NAME (unique on the machine, by default role and process id),
ESG_METRICS_PORT (0: a free one), ESG_LOG_LEVEL, and everything of esg/settings.py. Logs are JSON lines on
standard error.

While it lives a worker keeps `ESG_HOME/run/<name>/`:

    alive          touched every 2 s while it takes from its queues: older than 15 s means stuck
    ready          touched with it while every child has loaded what it needs
    process        which process that is, and its queues
    metrics.url    where Prometheus finds it
    metrics/       the counters of its children

`python -m workers.probe ROLE|beat` reads these and exits with 1 when something is wrong: for health checks.
"""
