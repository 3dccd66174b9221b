"""`esg index`: fill the vector store that is set from the lake, when it is new or was lost."""

import click

from esg import errors
from esg.cli.console import answer, counted, emit, json_option, talk
from esg.resources import Resources, open_resources
from esg.settings import Settings


@click.command("index")
@json_option
def command(as_json: bool) -> None:
    """Put every report that was read into the vector store that is set.

    Chunks and vectors come from the lake: nothing is read or embedded again. What the store has already is
    written over, so it may be repeated; a running fleet goes on meanwhile.
    """
    opened = open_resources(Settings())
    indexed, unread = 0, 0
    names = [record.document.id for record in opened.state.readable()]
    with talk.status("") as status:
        for number, name in enumerate(names, 1):
            status.update(f"{number} of {counted(len(names), 'document')}")
            is_there = _indexed(name, opened)
            indexed, unread = indexed + is_there, unread + (not is_there)
    vectors = opened.store.size()
    if as_json:
        emit({"documents": indexed, "unread": unread, "vectors": vectors})
        return
    answer().print(f"{counted(indexed, 'document')} indexed; the store has {counted(vectors, 'vector')}.")
    if unread:
        answer().print(f"{counted(unread, 'document')} must be read by this engine first: esg rescore")


def _indexed(name: str, opened: Resources) -> bool:
    """Index a document, and say whether the lake has what that takes."""
    try:
        chunks = opened.lake.chunks(name)
        vectors = opened.lake.vectors(name, chunks)
    except errors.NotFound:
        return False
    opened.store.upsert(name, chunks, vectors)
    return True
