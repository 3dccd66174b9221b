"""`s3://` → a file system that gives up within seconds: what it could not do is tried again by the task."""

import os
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pyarrow import fs

from esg.errors import Misconfigured

_CONNECT_SECONDS, _SILENCE_SECONDS, _ATTEMPTS = 2.0, 5.0, 3  # a store that hangs is given up after 15 s
_OPTIONS = ("endpoint_override", "region", "scheme", "tls_ca_file_path", "force_virtual_addressing")
_NEXT_STEP = "Give a URL such as s3://bucket/folder?region=eu-central-1; keys come from AWS_ACCESS_KEY_ID."


def open_s3(url: str) -> tuple[fs.FileSystem, str]:
    """Open the store of a URL and give its bucket and folder; asks AWS for the region where none is told.

    Keys come from the AWS_* variables, ~/.aws or the machine's role. Raises Misconfigured, or OSError.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(options.keys() - set(_OPTIONS)):
        raise Misconfigured(f"ESG_LAKE_URL has options that are not known: {', '.join(unknown)}.",
                            next_step=f"Known are: {', '.join(_OPTIONS)}.")  # fmt: skip
    if not parts.netloc:
        raise Misconfigured("ESG_LAKE_URL names no bucket.", next_step=_NEXT_STEP)
    bucket = parts.netloc.rpartition("@")[2]
    filesystem = fs.S3FileSystem(
        access_key=unquote(parts.username) if parts.username else None,
        secret_key=unquote(parts.password) if parts.password else None,
        endpoint_override=options.get("endpoint_override"),
        scheme=options.get("scheme", "https"),
        region=_region(bucket, options),
        tls_ca_file_path=options.get("tls_ca_file_path"),
        force_virtual_addressing=options.get("force_virtual_addressing") == "true",
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_SILENCE_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
        allow_delayed_open=True,  # a small object is one PUT, not a multipart upload of three requests
    )
    return filesystem, _path(bucket, parts)


def _region(bucket: str, options: dict[str, str]) -> str | None:
    told = options.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if told or "endpoint_override" in options:
        return told or "us-east-1"  # what other stores take for any region
    region: str = fs.resolve_s3_region(bucket)
    return region


def _path(bucket: str, parts: SplitResult) -> str:
    return f"{bucket}/{unquote(parts.path).strip('/')}".rstrip("/")
