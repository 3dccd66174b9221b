"""extraction ↔ Parquet bytes: one row a page, lossless, the same bytes for the same extraction.

Words, blocks and cells are lists of structs, so that SQL can read them where they lie. Offsets and
coordinates go through NumPy, not through Python objects: a report has 300,000 words.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import accumulate, chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from esg import collector
from esg.domain import (
    Block,
    BlockKind,
    Box,
    Cell,
    Dimension,
    Fact,
    Identity,
    Legibility,
    Page,
    Span,
    Table,
    Word,
)
from esg.extract.base import Extraction
from esg.extract.rows import made
from esg.extract.words import StoredWords

_ABOUT = b"esg.extraction"  # key of the schema's metadata that holds what is not about one page
_BOX = [(side, pa.float64()) for side in Box._fields]
_WORD = pa.struct([("start", pa.int32()), ("end", pa.int32()), *_BOX])
_BLOCK = pa.struct(
    [
        ("kind", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        *_BOX,
        ("level", pa.int32()),
    ]
)
_CELL = pa.struct(
    [
        ("row", pa.int32()),
        ("column", pa.int32()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("header", pa.list_(pa.string())),
    ]
)
_TABLE = pa.struct(
    [
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("caption", pa.string()),
        ("rows", pa.list_(pa.list_(_CELL))),
    ]
)
_FACT = pa.struct(
    [
        ("concept", pa.string()),
        ("namespace", pa.string()),
        ("value", pa.string()),
        ("number", pa.float64()),
        ("is_nil", pa.bool_()),
        ("decimals", pa.string()),
        ("entity", pa.string()),
        ("start", pa.string()),
        ("end", pa.string()),
        ("dimensions", pa.list_(pa.struct([("axis", pa.string()), ("member", pa.string())]))),
        ("unit", pa.list_(pa.string())),
        ("per", pa.list_(pa.string())),
        ("printed", pa.string()),
        ("place", pa.struct([("page", pa.int32()), ("start", pa.int32()), ("end", pa.int32())])),
        ("flags", pa.list_(pa.string())),
    ]
)
SCHEMA = pa.schema(
    [
        ("document_id", pa.string()),
        ("number", pa.int32()),
        ("label", pa.string()),
        ("width", pa.float64()),
        ("height", pa.float64()),
        ("text", pa.string()),
        ("words", pa.list_(_WORD)),
        ("blocks", pa.list_(_BLOCK)),
        ("tables", pa.list_(_TABLE)),
        ("language", pa.string()),
        ("legibility", pa.string()),
        ("hidden", pa.int32()),
        ("facts", pa.list_(_FACT)),  # of the page; those that are not printed stand with the first one
    ]
)


def encode(extraction: Extraction, columns: Sequence[pa.Table] = ()) -> bytes:
    """Write an extraction as one Parquet file; with its pages' `columns`, where those are there already."""
    about = {
        "identity": asdict(extraction.identity),
        "title": extraction.title,
        "language": extraction.language,
        "made_on": extraction.made_on,
    }
    schema = SCHEMA.with_metadata({_ABOUT: json.dumps(about, ensure_ascii=False)})
    pages = pa.concat_tables(columns or [to_columns(extraction.pages)]).combine_chunks()
    # Not `cast`, which would load all functions of pyarrow.compute in each sandbox, 0.1 s.
    facts = _facts(extraction.facts, pages.column("number").to_pylist())
    table = pa.Table.from_arrays([*pages.columns, facts], schema=schema)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=64, write_page_checksum=True)
    return bytes(sink.getvalue())


def to_columns(pages: Sequence[Page]) -> pa.Table:
    """Columns of pages, without the facts of a document."""
    fields = [field for field in SCHEMA if field.name != "facts"]
    return pa.Table.from_arrays([_column(field, pages) for field in fields], schema=pa.schema(fields))


def to_stream(columns: pa.Table) -> bytes:
    """Columns as one process hands them to another (Arrow IPC)."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, columns.schema) as stream:
        stream.write_table(columns)
    return bytes(sink.getvalue())


def from_stream(data: bytes) -> pa.Table:
    """Read what `to_stream` wrote; raises `ValueError` or `OSError` for anything else."""
    columns = pa.ipc.open_stream(data).read_all()
    columns.validate(full=True)  # it comes from a process that read hostile bytes
    return columns


def decode(data: bytes) -> Extraction:
    """Read what `encode` wrote; raises `ValueError` or `OSError` for anything else."""
    table = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True).read(use_threads=False)
    metadata = table.schema.metadata or {}
    if _ABOUT not in metadata:
        raise ValueError("these bytes hold no extraction")
    about = json.loads(metadata[_ABOUT])
    with collector.paused():
        pages = to_pages(table.drop_columns(["facts"]))
    facts = tuple(_read_fact(fact) for page in table["facts"].to_pylist() for fact in page)
    identity = Identity(**about["identity"])
    return Extraction(pages, identity, about["title"], about["language"], about["made_on"], facts)


# -- pages → columns --------------------------------------------------------------------------------------


def _column(field: pa.Field, pages: Sequence[Page]) -> pa.Array:
    match field.name:
        case "words":
            return _lists([page.words for page in pages], _words)
        case "blocks":
            return _lists([page.blocks for page in pages], _blocks)
        case "tables":
            return _lists([page.tables for page in pages], _tables)
        case name:
            return pa.array([getattr(page, name) for page in pages], field.type)


def _facts(facts: Sequence[Fact], numbers: Sequence[int]) -> pa.Array:
    of_page: list[list[dict[str, Any]]] = [[] for _ in numbers]
    at = {number: place for place, number in enumerate(numbers)}
    for fact in facts:
        of_page[at[fact.place.page] if fact.place else 0].append(_fact(fact))
    return pa.array(of_page, SCHEMA.field("facts").type)


def _fact(fact: Fact) -> dict[str, Any]:
    return asdict(fact) | {
        "dimensions": [dimension._asdict() for dimension in fact.dimensions],
        "place": fact.place and fact.place._asdict(),
    }


def _lists(items: Sequence[Sequence[Any]], structs: Any) -> pa.Array:
    """One list a page out of all pages' items, converted together by `structs`."""
    offsets = pa.array([0, *accumulate(map(len, items))], pa.int32())
    return pa.ListArray.from_arrays(offsets, structs(list(chain.from_iterable(items))))


def _words(words: list[Word]) -> pa.Array:
    places = _integers([(word.start, word.end) for word in words], columns=2)
    return _structs(_WORD, [*places, *_boxes(word.box for word in words)])


def _blocks(blocks: list[Block]) -> pa.Array:
    start, end, level = _integers([(block.start, block.end, block.level) for block in blocks], columns=3)
    kinds = _strings([block.kind.value for block in blocks])
    return _structs(_BLOCK, [kinds, start, end, *_boxes(block.box for block in blocks), level])


def _tables(tables: list[Table]) -> pa.Array:
    places = _integers([(table.start, table.end) for table in tables], columns=2)
    captions = _strings([table.caption for table in tables])
    return _structs(_TABLE, [*places, captions, _lists([table.rows for table in tables], _rows)])


def _rows(rows: list[tuple[Cell, ...]]) -> pa.Array:
    return _lists(rows, _cells)


def _cells(cells: list[Cell]) -> pa.Array:
    places = _integers([cell[:4] for cell in cells], columns=4)
    return _structs(_CELL, [*places, _lists([cell.header for cell in cells], _strings)])


def _strings(texts: list[str]) -> pa.Array:
    return pa.array(texts, pa.string())


def _structs(kind: pa.StructType, columns: list[pa.Array]) -> pa.Array:
    return pa.StructArray.from_arrays(columns, fields=list(kind))


def _integers(rows: list[tuple[int, ...]], *, columns: int) -> list[pa.Array]:
    table = np.array(rows, np.int32).reshape(-1, columns)
    return [pa.array(np.ascontiguousarray(table[:, i])) for i in range(columns)]


def _boxes(boxes: Iterable[Box]) -> list[pa.Array]:
    table = np.fromiter(chain.from_iterable(boxes), np.float64).reshape(-1, len(Box._fields))
    return [pa.array(np.ascontiguousarray(table[:, i])) for i in range(len(Box._fields))]


# -- columns → pages --------------------------------------------------------------------------------------


def to_pages(table: pa.Table) -> tuple[Page, ...]:
    """Undo `to_columns`; words are made when they are asked for."""
    plain = table.drop_columns(["words", "blocks", "tables"]).to_pylist()
    words = [StoredWords(lists) for chunk in table["words"].chunks for lists in _lists_of(chunk)]
    blocks = _split(table["blocks"], _read_blocks)
    tables = table["tables"].to_pylist()
    return tuple(
        Page(
            **{**row, "legibility": Legibility(row["legibility"])},
            words=page_words,
            blocks=page_blocks,
            tables=tuple(map(_read_table, page_tables)),
        )
        for row, page_words, page_blocks, page_tables in zip(plain, words, blocks, tables, strict=True)
    )


def _split(column: pa.ChunkedArray, read: Any) -> list[tuple[Any, ...]]:
    """Undo `_lists`."""
    lists: list[tuple[Any, ...]] = []
    for chunk in column.chunks:
        items = read(chunk.flatten())
        lists += [tuple(items[start:end]) for start, end in _places(chunk)]
    return lists


def _lists_of(chunk: pa.ListArray) -> list[pa.Array]:
    items = chunk.flatten()
    return [items.slice(start, end - start) for start, end in _places(chunk)]


def _places(chunk: pa.ListArray) -> list[tuple[int, int]]:
    """Where each list begins and ends among the items of all."""
    ends = list(accumulate(chunk.value_lengths().to_pylist()))
    return list(zip([0, *ends], ends, strict=False))


def _read_blocks(structs: pa.StructArray) -> list[Block]:
    kinds, start, end, *sides, level = (column.to_pylist() for column in structs.flatten())
    boxes = made(Box, zip(*sides, strict=True))
    return made(Block, zip(map(BlockKind, kinds), start, end, boxes, level, strict=True))


def _read_fact(fact: dict[str, Any]) -> Fact:
    return Fact(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in fact.items()}
        | {
            "dimensions": tuple(Dimension(**dimension) for dimension in fact["dimensions"]),
            "place": fact["place"] and Span(**fact["place"]),
        }
    )


def _read_table(table: dict[str, Any]) -> Table:
    rows = tuple(tuple(_read_cell(cell) for cell in row) for row in table["rows"])
    return Table(table["start"], table["end"], table["caption"], rows)


def _read_cell(cell: dict[str, Any]) -> Cell:
    return Cell(cell["row"], cell["column"], cell["start"], cell["end"], tuple(cell["header"]))
