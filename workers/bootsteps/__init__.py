"""What a worker does besides tasks, one concern per file; importing this registers it all (FACTS, trap 6)."""

from workers.bootsteps import drain, farewell, liveness, metrics, redis_guard, sweeper, warm_up

__all__ = ["drain", "farewell", "liveness", "metrics", "redis_guard", "sweeper", "warm_up"]
