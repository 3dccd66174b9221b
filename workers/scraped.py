"""/metrics of one process for Prometheus, in plain HTTP or with a certificate; where is in `metrics.url`."""

import ssl

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.registry import REGISTRY

from esg.errors import Misconfigured
from esg.settings import Settings
from workers.presence import Presence


def serve_metrics(settings: Settings, presence: Presence, registry: CollectorRegistry = REGISTRY) -> None:
    """Serve from a thread until the process ends; raises Misconfigured for a certificate that is none."""
    certificate, key = _pair(settings)
    server, _ = start_http_server(
        settings.metrics_port, settings.metrics_host, registry, certfile=certificate, keyfile=key
    )
    scheme = "https" if certificate else "http"
    presence.write("metrics.url", f"{scheme}://{settings.metrics_host}:{server.server_port}/metrics")


def _pair(settings: Settings) -> tuple[str, str] | tuple[None, None]:
    certificate, key = settings.metrics_certificate, settings.metrics_key
    if certificate is None or key is None:
        return None, None
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        raise Misconfigured(
            f"ESG_METRICS_CERTIFICATE and ESG_METRICS_KEY are no certificate and its key: {error}.",
            next_step="Set both to PEM files, the first with the whole chain.",
        ) from error
    return str(certificate), str(key)
