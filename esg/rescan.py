"""A source → its new and changed documents, submitted once: a slice at a time, politely, ending in its rows.

A failing document is noted and stops nothing; a host that asks for patience, or does not answer time after
time, ends the scan, and the next one goes on where it stood.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from esg import fetch, tracing
from esg.domain import Fetched
from esg.errors import EsgError, Rejected, Transient
from esg.fetch import Answer
from esg.resources import Resources
from esg.sources import Kind, Known, Robots, Source, check_user_agent, list_source
from esg.sources.edgar import HOST as EDGAR_HOST
from esg.sources.edgar import SECONDS_BETWEEN
from esg.state import Checked, ItemRecord, SourceRecord

SLICE_SECONDS = 20.0  # then a report that waits for the same worker has its turn
MOST_SILENT = 5  # requests in a row without an answer
PATIENCE_SECONDS = 120.0  # for a turn at a host


def scan(r: Resources, source_id: str, *, seconds: float = SLICE_SECONDS) -> bool:
    """Go on with a source's scan for a while, or begin one that is due; False when there is nothing left."""
    record = r.state.begin_scan(source_id)
    if record is None or record.begun_at is None:
        return False
    try:
        is_left = _Scan(r, record).run(record.begun_at, deadline=time.monotonic() + seconds)
    except EsgError as error:
        patience = (error.retry_after_seconds or 0.0) if isinstance(error, Transient) else 0.0
        r.state.finish_scan(source_id, str(error), patience)
        return False
    if not is_left:
        r.state.finish_scan(source_id)
    return is_left


class _Scan:
    def __init__(self, r: Resources, record: SourceRecord) -> None:
        self._r = r
        self._record = record
        self._source: Source = record.source
        self._silent = 0
        self._robots = Robots(lambda url: self._ask(url, Known()))

    def run(self, begun_at: datetime, *, deadline: float) -> bool:
        """List, then ask for what is new or changed; True where time ran out before the end."""
        state, settings, source = self._r.state, self._r.settings, self._source
        if not self._record.is_listed:
            urls = {"edgar_url": settings.edgar_url, "archives_url": settings.edgar_archives_url}
            state.save_listing(source.id, list_source(source, self._record.pages, self._ask, **urls))
        while batch := state.unchecked_items(source.id, begun_at):
            for record in batch:
                if time.monotonic() > deadline:
                    return True
                state.check_item(record, self._checked(record))
        return False

    def _checked(self, record: ItemRecord) -> Checked:
        try:
            checked = self._check(record)
        except Transient as error:
            self._silent += 1
            if error.retry_after_seconds is not None or self._silent >= MOST_SILENT:
                raise
            return Checked(error=str(error), is_answered=False)
        except Rejected as error:
            self._refuse_all(error)
            return Checked(error=str(error), is_answered=False, is_gone=error.code == "not_found")
        self._silent = 0
        return checked

    def _refuse_all(self, error: Rejected) -> None:
        """EDGAR refuses a client as a whole, and for longer the more it asks."""
        if self._source.kind is Kind.EDGAR and error.code == "forbidden":
            raise error

    def _check(self, record: ItemRecord) -> Checked:
        """Ask for a document, unless it has not changed; raises what its host says."""
        url = record.item.url
        if self._source.kind is Kind.FOLDER:  # of no other kind: what the web lists must not name our files
            return self._submitted(record, fetch.fetch(url, limits=self._r.fetch_limits))
        if self._source.kind is Kind.SITEMAP:
            self._robots.check(url)
        known = Known(record.etag, record.last_modified)
        answer = self._ask(url, known)
        if answer is None:
            return Checked(error=record.error, etag=known.etag, last_modified=known.last_modified)
        etag, modified = answer.header("etag"), answer.header("last-modified")
        try:
            document = fetch.as_document(url, answer)
        except Rejected as error:  # it answered, with what is no report
            return Checked(error=str(error), etag=etag, last_modified=modified)
        return self._submitted(record, document, etag=etag, last_modified=modified)

    def _submitted(
        self, record: ItemRecord, fetched: Fetched, *, etag: str = "", last_modified: str = ""
    ) -> Checked:
        """Keep the bytes and submit them, once for each content and identity, however often it is done."""
        item, name = record.item, self._r.lake.put_original(fetched)
        key = f"{item.url}\n{name}\n{item.company}\n{item.year}"
        self._r.state.submit(
            item.url,
            company=item.company or None,
            year=item.year,
            document_id=name,
            job_id=hashlib.sha256(key.encode()).hexdigest()[:32],
        )
        return Checked(document_id=name, etag=etag, last_modified=last_modified)

    def _ask(self, url: str, known: Known) -> Answer | None:
        is_edgar = self._source.kind is Kind.EDGAR
        agent = check_user_agent(self._r.settings.edgar_user_agent) if is_edgar else ""
        turn = self._turn(EDGAR_HOST if is_edgar else host_of(url))
        with turn, tracing.asking("source", "ask") as traceparent:
            return fetch.ask(
                url,
                limits=self._r.fetch_limits,
                etag=known.etag,
                last_modified=known.last_modified,
                user_agent=agent,
                traceparent=traceparent,
            )

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """Be the only one of the fleet that asks a host, and let it rest; raises Transient after long."""
        hold = self._r.settings.fetch_timeout_seconds + 5
        rest = SECONDS_BETWEEN if host == EDGAR_HOST else self._r.settings.source_interval_seconds
        started = time.monotonic()
        while wait := self._r.state.take_turn(host, hold):
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise Transient(
                    f"Others are asking {host} all the time.", next_step="It is tried again later."
                )
            time.sleep(min(wait, 0.5))
        try:
            yield
        finally:
            self._r.state.end_turn(host, rest)


def host_of(url: str) -> str:
    """Whose turn it is about: a host, all of EDGAR as one."""
    host = (fetch.check_url(url).host or "")[:200]
    return EDGAR_HOST if f".{host}".endswith(f".{EDGAR_HOST}") else host
