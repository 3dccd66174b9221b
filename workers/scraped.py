"""/metrics of one process for Prometheus, in plain HTTP or with a certificate; where is in `metrics.url`."""

import ssl

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.registry import REGISTRY

from esg.errors import Misconfigured
from esg.settings import Settings
from workers.presence import Presence


def serve_metrics(settings: Settings, presence: Presence, registry: CollectorRegistry = REGISTRY) -> None:
    """Serve from a thread until the process ends; raises Misconfigured for a certificate that is none."""
    certificate, key = settings.metrics_certificate, settings.metrics_key
    try:
        server, _ = start_http_server(
            settings.metrics_port,
            settings.metrics_host,
            registry,
            certfile=str(certificate) if certificate else None,
            keyfile=str(key) if key else None,
        )
    except ssl.SSLError as error:
        raise Misconfigured(
            f"ESG_METRICS_CERTIFICATE and ESG_METRICS_KEY are no certificate and its key: {error.reason}.",
            next_step="Set both to PEM files, the first with the whole chain.",
        ) from error
    scheme = "https" if certificate else "http"
    presence.write("metrics.url", f"{scheme}://{settings.metrics_host}:{server.server_port}/metrics")
