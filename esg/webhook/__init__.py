"""event → a signed POST to whoever asked to be told."""

from esg.webhook.deliver import check, deliver
from esg.webhook.event import Event
from esg.webhook.signature import HEADER, sign, verify

__all__ = ["HEADER", "Event", "check", "deliver", "sign", "verify"]
