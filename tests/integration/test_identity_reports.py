"""Company and year guessed from real reports whose truth is known; the reports are beside the checkout."""

import json
import re
from pathlib import Path

import pytest

from esg.extract import ParseLimits, extract
from esg.extract.identity.names import core
from esg.fetch import FetchLimits, fetch

SHARED = Path(__file__).parents[2].parent / "shared"
LABELS = sorted((SHARED / "labels" / "reports").glob("*.json"))


def simple(name: str) -> str:
    return re.sub(r"\W", "", core(name)).lower()


@pytest.mark.slow
@pytest.mark.skipif(not LABELS, reason="the labelled reports are not beside this checkout")
def test_most_companies_and_years_are_guessed_right(tmp_path: Path) -> None:
    """Under names that say nothing, because people rename files; what only OCR reads is left out here."""
    right_companies, right_years = [], []
    for number, path in enumerate(LABELS):
        label = json.loads(path.read_text())
        copy = tmp_path / f"{number}.pdf"
        copy.symlink_to(SHARED / "reports" / "labelled" / label["file"])
        found = extract(fetch(str(copy), limits=FetchLimits()), limits=ParseLimits(ocr_pages=0)).identity
        right_companies.append(simple(found.company) == simple(label["company"]))
        right_years.append(found.year == label["year"])

    assert sum(right_companies) >= 0.8 * len(LABELS)
    assert sum(right_years) >= 0.8 * len(LABELS)
