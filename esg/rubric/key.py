"""A rubric's place → its key: what tells it from every other rubric, and from itself before a change."""

import hashlib

from esg.rubric.read import DATA, files, head, locate


def key(id_or_path: str) -> str:
    """Name a rubric `NAME@VERSION-CONTENT`: a shipped one by its id, one's own by its absolute path.

    CONTENT is of the files' bytes, so a changed rubric has another key whatever its version says.
    Raises Misconfigured where there is none.
    """
    path = locate(id_or_path)
    name = id_or_path if DATA in path.parents else str(path.resolve())
    version = head(path).get("version", "")
    content = hashlib.sha256(b"\0".join(file.read_bytes() for file in files(path))).hexdigest()
    return f"{name}@{version}-{content[:8]}"


def name(rubric_key: str) -> str:
    """Give the id or path that a key was made for."""
    return rubric_key.rpartition("@")[0]
