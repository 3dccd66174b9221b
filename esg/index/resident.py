"""The vectors of a folder, in the memory of a process that searches again, and in step with the folder."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from esg.domain import Vectors
from esg.errors import EsgError, NotFound
from esg.index.columns import Columns
from esg.index.listing import Listing, Stamp

log = logging.getLogger(__name__)

Read = Callable[[str], tuple[Vectors, Sequence[str]]]  # a document's, and their chunks' ids; raises NotFound


class Resident:
    """Loads beside the searches that ask for it; they are answered otherwise until all is there."""

    def __init__(
        self,
        listing: Listing,
        read: Read,
        name: Callable[[str], str],
        *,
        dimensions: int,
        most_bytes: int,
    ) -> None:
        """`name` gives the document of a key; nothing is kept beyond `most_bytes`."""
        self._listing = listing
        self._read = read
        self._name = name
        self._columns = Columns(dimensions)
        self._most_bytes = most_bytes
        self._kept: Mapping[str, Stamp] = {}
        self._lock = threading.Lock()
        self._loading: threading.Thread | None = None
        self._is_whole = False
        self._is_too_large = False

    def columns(self) -> Columns | None:
        """Give the vectors as the folder has them now, or None where they are not all in memory."""
        if self._is_too_large:
            return None
        if not self._is_whole:
            self._begin()
            return None
        with self._lock:
            self._follow()
            return None if self._is_too_large else self._columns

    def wait(self) -> None:
        """Wait until all is loaded, for whoever measures."""
        self._begin()
        if self._loading is not None:
            self._loading.join()

    def _begin(self) -> None:
        with self._lock:
            if self._loading is None:
                self._loading = threading.Thread(target=self._load, name="vectors", daemon=True)
                self._loading.start()

    def _load(self) -> None:
        """Read everything; a folder that cannot be read is told by who searches it."""
        try:
            self._follow()
            self._is_whole = not self._is_too_large
        except EsgError as error:
            log.warning("Vectors are not kept in memory: %s", error)
            self._loading = None

    def _follow(self) -> None:
        """Read what is new or was replaced, drop what is gone; make room when much of it was."""
        stamps = self._listing.look()
        if stamps is self._kept:
            return
        for key in self._kept.keys() - stamps.keys():
            self._columns.drop(self._name(key))
        for key, stamp in stamps.items():
            if self._kept.get(key) != stamp:
                self._put(self._name(key))
            if self._columns.bytes > self._most_bytes:
                self._give_up()
                return
        self._kept = stamps
        if self._columns.gone > len(self._columns):
            self._columns = self._columns.packed()

    def _put(self, document_id: str) -> None:
        try:
            self._columns.put(document_id, *self._read(document_id))
        except NotFound:  # removed since it was listed
            self._columns.drop(document_id)

    def _give_up(self) -> None:
        log.warning("Vectors are not kept in memory: they need more than ESG_SEARCH_MEMORY_BYTES.")
        self._is_too_large = True
        self._columns = Columns(1)
