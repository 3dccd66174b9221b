"""Places for objects that the stack's servers give, where they run."""

import os
import uuid

S3 = ("s3",) if "STACK_S3" in os.environ else ()  # a further parameter of a suite


def s3_url(*, bucket: str = "", endpoint: str = "", scheme: str = "http") -> str:
    """A folder of its own in the stack's S3, or in what stands elsewhere."""
    where = f"endpoint_override={endpoint or os.environ['STACK_S3']}&scheme={scheme}"
    return f"s3://{bucket or os.environ['STACK_S3_BUCKET']}/{uuid.uuid4().hex}?{where}"
