"""Where the service is and who asks it."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import SecretStr

from esg.errors import Misconfigured

IBM_TOKENS = "https://iam.cloud.ibm.com/identity/token"


@dataclass(frozen=True, slots=True)
class Account:
    """`ca` is a file of certificates to trust instead of the system's; TLS is verified either way."""

    url: str
    api_key: SecretStr
    project_id: str
    token_url: str = IBM_TOKENS
    ca: Path | None = None

    def __post_init__(self) -> None:
        for value, setting in (
            (self.api_key.get_secret_value(), "IBM_WATSONX_API_KEY"),
            (self.project_id, "IBM_WATSONX_PROJECT_ID"),
            (self.url, "IBM_WATSONX_URL"),
        ):
            if not value:
                raise Misconfigured(
                    f"watsonx.ai is asked for, but {setting} is not set.",
                    next_step="Set it to that of your project (docs/operations/watsonx.md).",
                )
        for url, setting in ((self.url, "IBM_WATSONX_URL"), (self.token_url, "ESG_WATSONX_TOKEN_URL")):
            if not url.startswith("https://"):
                raise Misconfigured(
                    f"{setting} is {url}, which is not encrypted.", next_step="Set it to an https:// URL."
                )
        if self.ca is not None and not self.ca.is_file():
            raise Misconfigured(
                f"ESG_WATSONX_CA_BUNDLE is {self.ca}, where there is no file.",
                next_step="Set it to a PEM file, or unset it to trust what the system trusts.",
            )

    @property
    def name(self) -> str:
        """Name the project as a key in Redis, the same in every process that shares its limits."""
        return sha256(f"{self.url}\n{self.project_id}".encode()).hexdigest()[:16]
