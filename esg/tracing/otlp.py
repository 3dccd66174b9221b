"""Batches of spans → an OTLP receiver over HTTP, by what OTEL_EXPORTER_OTLP_* say."""

from typing import Any

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from requests.adapters import HTTPAdapter

from esg.errors import Misconfigured

_NEXT_STEP = "Set OTEL_EXPORTER_OTLP_CERTIFICATE to the PEM file of whom its certificate is from."


class _Explaining(HTTPAdapter):
    def __init__(self, authority: str) -> None:
        super().__init__()
        self._authority = authority

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send, our authority before REQUESTS_CA_BUNDLE's.

        Raises Misconfigured for a receiver that does not prove its name; the exporter logs it and goes on.
        """
        options["verify"] = self._authority or options.get("verify", True)
        try:
            return super().send(request, *args, **options)
        except requests.exceptions.SSLError as error:
            raise Misconfigured(
                "The receiver of OTEL_EXPORTER_OTLP_ENDPOINT does not prove its name, and is sent no spans.",
                next_step=_NEXT_STEP,
            ) from error


def open_exporter() -> OTLPSpanExporter:
    """Read endpoint, headers, certificate, timeout and compression from the environment."""
    session = requests.Session()
    exporter = OTLPSpanExporter(session=session)
    authority = session.verify  # as the exporter has read it
    session.mount("https://", _Explaining(authority if isinstance(authority, str) else ""))
    return exporter
