"""Write the three sample reports and their facts: `python tests/golden/samples/generate.py [FOLDER]`.

The same bytes each time: a report bears its date of publication. The companies are invented.
"""

import json
import sys
from pathlib import Path

from book import names, open_book
from look import register_typefaces
from press import render
from truth import facts


def write(folder: Path) -> None:
    """Write `<stem>.pdf` and `<stem>.facts.json` of every report into the folder."""
    register_typefaces()
    for book in map(open_book, names()):
        pdf = render(book)
        stated = json.dumps(facts(book, pdf), indent=1, ensure_ascii=False) + "\n"
        (folder / f"{book.about['stem']}.pdf").write_bytes(pdf)
        (folder / f"{book.about['stem']}.facts.json").write_text(stated, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
