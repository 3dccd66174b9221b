"""Celery's settings, a reason behind each; the numbers in brackets are sections of docs FLEET and docs/adr.

Every public name here is a setting to Celery, so imports carry an underscore.
"""

from kombu import Exchange as _Exchange
from kombu import Queue as _Queue

from beat_schedule import SCHEDULE as _SCHEDULE
from esg.settings import VISIBILITY_TIMEOUT_SECONDS as _VISIBILITY_TIMEOUT_SECONDS
from tasks.queues import LIMITS as _LIMITS
from tasks.queues import QUEUE_OF as _QUEUE_OF
from tasks.queues import QUEUES as _QUEUES

# -- messages: JSON hints; SQL holds the truth, nobody waits on a result
task_serializer = result_serializer = event_serializer = "json"  # pickle would run what anyone sends
accept_content = ["json"]
task_ignore_result = True  # results cost a quarter of the drain rate and grow Redis [4.1]
task_store_errors_even_if_ignored = False

# -- queues: each with its own exchange and key (a bare Queue takes the default ones)
task_queues = [_Queue(q.name, _Exchange(q.name, type="direct"), routing_key=q.name) for q in _QUEUES]
task_routes = {task: {"queue": queue} for task, queue in _QUEUE_OF.items()}
task_default_queue = task_default_exchange = task_default_routing_key = "control"
task_create_missing_queues = False  # a typing error fails at the sender

# -- delivery: at least once; the claim in SQL makes the effect happen once
task_acks_late = True  # a killed worker's message comes back
task_reject_on_worker_lost = True  # the same when only its child dies
task_acks_on_failure = task_acks_on_timeout = True  # what failed is decided in SQL, not by sending it round
worker_prefetch_multiplier = 1  # with the next: no worker hoards what another could do [2 #8]
worker_disable_prefetch = True
broker_transport_options = {
    "visibility_timeout": _VISIBILITY_TIMEOUT_SECONDS,  # over twice any hard limit, in every client [0.4]
    "unacked_restore_interval": 5,  # look for a dead worker's messages every 5 s instead of every 100 s [0.3]
    "unacked_restore_throttle": 1,
    "health_check_interval": 10,  # a half-open connection is noticed within half a minute
    "socket_connect_timeout": 3,
    "socket_timeout": 10,  # a stopped Redis must not block a publisher for ever [0.9]
    "socket_keepalive": True,
    "global_keyprefix": "esg:",  # shares a Redis with others
    "queue_order_strategy": "round_robin",
}
result_backend_transport_options = {"visibility_timeout": _VISIBILITY_TIMEOUT_SECONDS}
broker_connection_retry_on_startup = True  # wait for Redis, however long
broker_connection_max_retries = None
broker_pool_acquire_timeout = 5.0  # a publisher fails rather than hangs
task_publish_retry = False  # fail fast: the outbox is published again anyway

# -- processes
worker_pool = "prefork"  # the only pool that enforces time limits and can be killed [0.7]
worker_consumer = "workers.consumer:Consumer"  # looks for the broker again whenever it cannot connect
worker_pool_start_method = "spawn"  # DuckDB and onnxruntime do not survive fork [2 #14]
worker_proc_alive_timeout = 120  # loading the model takes longer than 4 s on a busy machine [0.6]
task_soft_time_limit, task_time_limit = 240, 300  # the net below the limits of each queue
task_annotations = {
    task: {"soft_time_limit": soft, "time_limit": hard} for task, (soft, hard) in _LIMITS.items()
}
worker_soft_shutdown_timeout = 0.0  # it waits all of its time even for nothing: workers/bootsteps/drain.py
worker_cancel_long_running_tasks_on_connection_loss = False  # acks survive a Redis restart [2 #6]
worker_eta_task_limit = None  # halves concurrency in 5.7.0 [0.8]; `not_before` is in SQL

# -- watching: events cost a third of the drain rate of empty tasks, nothing of ours; the roles switch them on
worker_send_task_events = False
task_send_sent_event = False
worker_hijack_root_logger = False  # our JSON lines
worker_redirect_stdouts = False

# -- time
enable_utc = True
timezone = "UTC"  # daylight saving must not repeat a night
beat_schedule = _SCHEDULE
beat_scheduler = (
    "workers.clock:Clock"  # keeps no schedule: which firing happened is a row in SQL, so beats may be many
)
beat_max_loop_interval = 5
beat_enable_remote_control = True

# -- loaded by workers and beat only; their imports register tasks, signals and bootsteps
imports = (*(f"tasks.{q.name}" for q in _QUEUES), "workers.telemetry", "workers.bootsteps")
