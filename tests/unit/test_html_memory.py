"""HTML that takes more memory than there is ends as such, and not as an error of the parser."""

import subprocess
import sys

CHILD = """
import resource
from pathlib import Path
from esg.extract.html import read_html

page = b"<p>x</p>" * 3_000_000
size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + 300 * 2**20, resource.RLIM_INFINITY))
try:
    read_html(page, document_id="a" * 64, max_pages=5)
except MemoryError as error:
    print(error)
"""


def test_a_page_for_which_there_is_no_memory_is_told_as_that() -> None:
    child = subprocess.run([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True, check=True)

    assert child.stdout.startswith("lexbor: ")
