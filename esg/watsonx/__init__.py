"""The one watsonx.ai session. What needs the SDK is imported by name: `esg.watsonx.session.Watsonx`."""

from esg.watsonx.account import Account
from esg.watsonx.answers import Answer
from esg.watsonx.base import Session
from esg.watsonx.limiter import Limiter, ProcessLimiter, Rates, RedisLimiter
from esg.watsonx.patience import Patience

__all__ = [
    "Account",
    "Answer",
    "Limiter",
    "Patience",
    "ProcessLimiter",
    "Rates",
    "RedisLimiter",
    "Session",
]
