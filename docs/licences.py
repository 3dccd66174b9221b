"""Installed metadata → the licences of all that the engine runs with; an error where one may not be in it.

`make licences` writes docs/reference/licences.md, `make check` compares. What is only developed with (the
group `dev`) is handed to nobody and is left out. Versions are in requirements.lock.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent / "reference" / "licences.md"
HEAD = """# Licences

What the engine runs with, all extras included, by the packages' own metadata. Written by `make licences`.

| package | licence |
|---|---|
"""
SPDX = {  # how packages say it that know no SPDX
    "MIT License": "MIT",
    "MIT style": "MIT",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "DFSG approved": "MIT",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",  # copyleft of its own files alone, which are not changed
        "PSF-2.0",
        "Zlib",
    }
)
EXCEPTIONS: Mapping[str, tuple[str, str]] = {  # package → its licence, and why it may be there all the same
    "psycopg": ("LGPL-3.0-only", "an extra, unmodified, replaceable"),
    "psycopg-binary": ("LGPL-3.0-only", "an extra, unmodified, replaceable"),
    "psycopg-pool": ("LGPL-3.0-only", "an extra, unmodified, replaceable"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the page, write nothing")
    asked = parser.parse_args()
    found = {name: licence(made) for name, made in sorted(shipped("esg-engine"))}
    refused = [
        f"{name}: {said or 'says nothing'}" for name, said in found.items() if not may_ship(name, said)
    ]
    if refused:
        print("These licences are not in ALLOWED of docs/licences.py:", *refused, sep="\n  ", file=sys.stderr)
        return 1
    page = HEAD + "".join(f"| {name} | {_told(name, said)} |\n" for name, said in found.items())
    if not asked.check:
        PAGE.write_text(page, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page:
        print("docs/reference/licences.md is behind the environment; run: make licences", file=sys.stderr)
        return 1
    return 0


def shipped(root: str) -> Iterator[tuple[str, Distribution]]:
    """Give every package that `root` needs here, its extras included, itself left out."""
    extras = distribution(root).metadata.get_all("Provides-Extra") or []
    waiting, seen = [(root, extra) for extra in ("", *extras)], set[tuple[str, str]]()
    named: dict[str, Distribution] = {}
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            made = distribution(name)
        except PackageNotFoundError:  # overridden in pyproject.toml, or of another platform
            continue
        named[name] = made
        for line in made.requires or []:
            asked = Requirement(line)
            if asked.marker is None or asked.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(asked.name), one) for one in ("", *asked.extras)]
    named.pop(root)
    yield from named.items()


def licence(made: Distribution) -> str:
    """Say it in SPDX's words where the package says it in some; "" where it says nothing."""
    classes = made.metadata.get_all("Classifier") or []
    first = {name: (made.metadata.get_all(name) or [""])[0] for name in ("License-Expression", "License")}
    said = [first["License-Expression"]]
    said += [" OR ".join(_spdx(c.rpartition(" :: ")[2]) for c in classes if c.startswith("License :: "))]
    said += [first["License"].strip().partition("\n")[0][:60]]
    return next((_spdx(one) for one in said if one), "")


def may_ship(name: str, said: str) -> bool:
    """Whether all of what it is under is allowed, of alternatives one of them."""
    if name in EXCEPTIONS and EXCEPTIONS[name][0] == said:
        return True
    alternatives = re.sub(r"[()]", "", said).split(" OR ")
    return any(all(part in ALLOWED for part in one.split(" AND ")) for one in alternatives)


def _spdx(said: str) -> str:
    return SPDX.get(said, said)


def _told(name: str, said: str) -> str:
    return f"{said} ({EXCEPTIONS[name][1]})" if name in EXCEPTIONS else said


if __name__ == "__main__":
    sys.exit(main())
