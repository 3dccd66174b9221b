"""Batches of spans → an OTLP receiver over HTTP, by what OTEL_EXPORTER_OTLP_* say."""

from typing import Any

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from requests.adapters import HTTPAdapter

from esg.errors import Misconfigured


class _Explaining(HTTPAdapter):
    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send; raises Misconfigured for a receiver that does not prove its name, which the exporter logs."""
        try:
            return super().send(request, *args, **options)
        except requests.exceptions.SSLError as error:
            raise Misconfigured(
                "The receiver of OTEL_EXPORTER_OTLP_ENDPOINT does not prove its name, and is sent no spans.",
                next_step="Set OTEL_EXPORTER_OTLP_CERTIFICATE to the PEM file of whom its certificate is.",
            ) from error


def open_exporter() -> OTLPSpanExporter:
    """Read endpoint, headers, certificate, timeout and compression from the environment."""
    session = requests.Session()
    session.mount("https://", _Explaining())
    return OTLPSpanExporter(session=session)
