"""Skip what needs an account where there is none, and say which variable is missing."""

import os

import pytest

NEEDED = ("IBM_WATSONX_API_KEY", "IBM_WATSONX_PROJECT_ID")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        reason = f"the true watsonx.ai needs {' and '.join(missing)}"
        for item in items:
            if "tests/cloud" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason=reason))
