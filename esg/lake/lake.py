"""Everything between two stages, as objects that are written once and never changed."""

import logging
import uuid
from collections.abc import Callable, Sequence
from typing import BinaryIO, TypeVar

import numpy as np

from esg.chunk import codec as chunk_codec
from esg.domain import Arrival, Chunk, Document, Fetched, Scorecard, Vectors, document_id
from esg.embed import codec as vector_codec
from esg.errors import NotFound, Rejected
from esg.extract import Extraction
from esg.extract import codec as page_codec
from esg.kpi import Readings
from esg.kpi import codec as reading_codec
from esg.lake import keys, origin
from esg.objects import open_objects
from esg.retrieve import TermCounts
from esg.retrieve import counts as count_codec

log = logging.getLogger(__name__)
Read = TypeVar("Read")


class Lake:
    """A folder or an object store. Saving what is there changes nothing; two may save the same at once.

    What is read raises NotFound where it is not there, and Rejected (`object_damaged`) where its bytes are
    not those that were written.
    """

    def __init__(self, root_url: str, *, embedder_id: str) -> None:
        """Open a lake; chunks are by the tokens and vectors by the model of `embedder_id`."""
        self._objects = open_objects(root_url)
        self._embedder_id = embedder_id

    def probe(self) -> None:
        """Write, read and remove an object; raises what keeps the lake from working."""
        key = f"probe/{uuid.uuid4().hex}"
        self._objects.create(key, b"probe")
        self._objects.read(key)
        self._objects.delete(key)

    # -- bronze: as it came

    def put_original(self, fetched: Fetched) -> str:
        """Keep a document's bytes and the first place they came from; give the document's id."""
        arrival = Arrival.of(fetched)
        self._save(keys.original(arrival.document_id), fetched.data)
        self._objects.create(keys.fetched(arrival.document_id), origin.encode(arrival))
        return arrival.document_id

    def put_file(self, arrival: Arrival, file: BinaryIO) -> str:
        """The same from a file, in pieces: `arrival` says what its bytes are. What is there stays unread."""
        self._objects.create_from(keys.original(arrival.document_id), file)
        self._objects.create(keys.fetched(arrival.document_id), origin.encode(arrival))
        return arrival.document_id

    def original(self, document_id: str) -> Fetched:
        key = keys.original(document_id)
        about = self._objects.read(keys.fetched(document_id))
        return self._read(key, lambda data: _origin(document_id, data, about))

    def find_original(self, document_id: str) -> Fetched | None:
        """Give the original, or None where there is none."""
        return self.original(document_id) if self.has_original(document_id) else None

    def has_original(self, document_id: str) -> bool:
        return self._objects.exists(keys.fetched(document_id))

    # -- silver: as it was read

    def save_extraction(self, document_id: str, extraction: Extraction) -> None:
        self._save(keys.extraction(document_id), page_codec.encode(extraction))

    def extraction(self, document_id: str) -> Extraction:
        return self._read(keys.extraction(document_id), page_codec.decode)

    def has_extraction(self, document_id: str) -> bool:
        return self._objects.exists(keys.extraction(document_id))

    def save_chunks(self, document_id: str, chunks: Sequence[Chunk]) -> None:
        self._save(keys.chunks(document_id, self._embedder_id), chunk_codec.encode(chunks))

    def chunks(self, document_id: str) -> list[Chunk]:
        return self._read(keys.chunks(document_id, self._embedder_id), chunk_codec.decode)

    def has_chunks(self, document_id: str) -> bool:
        return self._objects.exists(keys.chunks(document_id, self._embedder_id))

    def save_vectors(self, document_id: str, batch: int, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Keep the vectors of one batch of chunks, a row for each."""
        key = keys.batch(document_id, self._embedder_id, batch, chunk_ids)
        self._save(key, vector_codec.encode(chunk_ids, vectors))

    def vectors(self, document_id: str, chunks: Sequence[Chunk]) -> Vectors:
        """Give the vectors of a document's chunks in their order, whatever batches they came in.

        Raises NotFound as long as a chunk has no vector.
        """
        ids = [chunk.id for chunk in chunks]
        rows = self._rows(document_id)
        if missing := sum(name not in rows for name in ids):
            raise NotFound(f"{missing} of {len(ids)} chunks of document {document_id} have no vector yet.")
        return np.stack([rows[name] for name in ids]) if ids else np.empty((0, 0), np.float32)

    def has_vectors(self, document_id: str, batch: int, chunk_ids: Sequence[str]) -> bool:
        return self._objects.exists(keys.batch(document_id, self._embedder_id, batch, chunk_ids))

    def save_counts(self, document_id: str, counts: TermCounts) -> None:
        """Keep the terms of a document's chunks."""
        self._save(keys.counts(document_id, self._embedder_id), count_codec.encode(counts))

    def find_counts(self, document_id: str) -> TermCounts | None:
        """Give the terms of a document's chunks, or None where they were not counted yet."""
        return self._find(keys.counts(document_id, self._embedder_id), count_codec.decode)

    def save_readings(self, document: Document, readings: Readings) -> None:
        """Keep the figures and claims of a document, as those of its company and year."""
        self._save(keys.readings(document), reading_codec.encode(readings))

    def find_readings(self, document: Document) -> Readings | None:
        """Give the figures and claims of a document, or None where they were not read as of its identity."""
        return self._find(keys.readings(document), reading_codec.decode)

    # -- gold: as it was judged

    def save_scorecard(self, scorecard: Scorecard) -> str:
        """Keep a scorecard as canonical JSON; give the key it is found by."""
        from esg.report import canonical_json  # templates and pictures: only where a scorecard is kept

        data = canonical_json(scorecard)
        key = keys.scorecard(scorecard, data)
        self._save(key, data)
        return key

    def scorecard(self, key: str) -> bytes:
        """Give the canonical JSON."""
        return self._read(key, lambda data: _scorecard(key, data))

    def delete_scorecard(self, key: str) -> None:
        """Forget a scorecard that nothing names any more; raises ValueError for a key of anything else."""
        if not keys.names_a_scorecard(key):
            raise ValueError(f"{key} is no scorecard")
        self._objects.delete(key)

    def has_scorecard(self, key: str) -> bool:
        return self._objects.exists(key)

    # -- objects

    def _save(self, key: str, data: bytes) -> None:
        if not self._objects.create(key, data) and self._objects.read(key) != data:
            log.warning("%s is there with other bytes and stays as it is", key)

    def _read(self, key: str, decode: Callable[[bytes], Read]) -> Read:
        data = self._objects.read(key)
        try:
            return decode(data)
        except Exception as error:  # a decoder may raise anything at bytes that are not its own
            raise Rejected(
                f"The object {key} is damaged: {error}.",
                code="object_damaged",
                next_step="Remove it and score its document again.",
            ) from error

    def _find(self, key: str, decode: Callable[[bytes], Read]) -> Read | None:
        try:
            return self._read(key, decode)
        except NotFound:
            return None

    def _rows(self, document_id: str) -> dict[str, Vectors]:
        """Read all batches, by chunk id; a chunk that is in several has the same vector in each."""
        rows: dict[str, Vectors] = {}
        for key in self._objects.keys(keys.vectors(document_id, self._embedder_id)):
            rows |= self._read(key, lambda data: dict(zip(*vector_codec.decode(data), strict=True)))
        return rows


def _origin(expected: str, data: bytes, about: bytes) -> Fetched:
    if document_id(data) != expected:
        raise ValueError("its bytes are not those of the document it is named for")
    return origin.decode(about, original=data)


def _scorecard(key: str, data: bytes) -> bytes:
    if not keys.is_scorecard(key, data):
        raise ValueError("its bytes are not those it is named for")
    return data
