"""Settings → whether the API may open its door: who is let in from elsewhere needs a key to exist."""

from esg.errors import Misconfigured
from esg.hosts import needs_key
from esg.resources import Resources


def refuse_without_key(resources: Resources) -> None:
    """Raise Misconfigured where callers need a key and there is none that any of them could have."""
    settings = resources.settings
    if not needs_key(settings) or resources.housekeeping.has_key():
        return
    raise Misconfigured(
        f"The API at {settings.api_host} needs a key from whoever calls it, and there is none.",
        next_step="Make one: esg keys create NAME --scope read --scope submit. Or let it serve this machine "
        "alone: leave ESG_API_HOST at 127.0.0.1; ESG_API_HOSTS, ESG_API_TRUSTED_PROXIES and "
        "ESG_NGROK_API_URL empty.",
    )
