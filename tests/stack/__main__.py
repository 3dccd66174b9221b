"""`make test-stack`: start real servers, run the tests of the stack and suites that need one, stop all.

Each server that runs is told to the tests by a variable: STACK_CASSANDRA=127.0.0.1:9042. A server that this
machine cannot get is named with its reason; one that MAY_BE_MISSING does not list fails the run.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from tests.servers import cassandra, iceberg_rest, postgres, redis, seaweedfs, trino, watsonx_peer
from tests.servers.server import Unavailable

Start = Callable[[Path], AbstractContextManager[Mapping[str, str]]]  # folder -> the variables that tell of it

SERVERS: Mapping[str, Start] = {  # in this order: a server is told of those before it
    "postgres": postgres.start,
    "redis": redis.start,
    "cassandra": cassandra.start,
    "seaweedfs": seaweedfs.start,
    "iceberg-rest": iceberg_rest.start,
    "trino": trino.start,
    "watsonx": watsonx_peer.start,
}
MAY_BE_MISSING: frozenset[str] = frozenset()
# `make test` runs every suite over what starts within the tests, PostgreSQL and Redis, too; these know more.
SUITES = ("test_objects.py", "test_lake.py", "test_gold_tables.py", "test_vector_store.py")
TESTS = ("tests/stack", *(f"tests/contract/{suite}" for suite in SUITES))
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")  # the long ones are not the last


def main(arguments: list[str]) -> int:
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="esg-stack-") as folder, ExitStack() as stack:
        for name, start in SERVERS.items():
            try:
                os.environ.update(stack.enter_context(start(Path(folder) / name)))
                print(f"{name}: runs", flush=True)
            except Unavailable as error:
                missing[name] = str(error)
                print(f"{name}: skipped, {error}", flush=True)
        failed = subprocess.call([sys.executable, "-m", "pytest", *(arguments or (*PARALLEL, *TESTS))])
    if unexpected := missing.keys() - MAY_BE_MISSING:
        print(f"these servers must run here and did not: {', '.join(sorted(unexpected))}")
        return 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
