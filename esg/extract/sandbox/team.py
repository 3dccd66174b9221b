"""Several processes read one document, each its share of the pages, and agree on what holds for all of them.

The members run the same program. What one finds that matters to the others goes through `gather`: each gives
its value and gets everybody's, in the order of the members (an all-gather, as MPI calls it). The first one
leads: it makes the result of what the others hand in, and ends as a member ended that could not.

Members are forked before the sandbox is closed, each with the same limits and the same filter. They say JSON
and bytes to one another, for each of them reads hostile bytes.
"""

import json
import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from esg.errors import Rejected
from esg.extract.sandbox.inside import FAILED, OUT_OF_MEMORY, as_rejected, die_with, told

FEWEST_PAGES = 16  # of a member; for fewer, agreeing costs more than it brings
_HEAD = struct.Struct("<cQ")
_VALUE, _REJECTED = b"v", b"r"


class _Link(NamedTuple):
    """From one member to another: whom, and the ends of two pipes."""

    pid: int
    hear: int
    say: int


class Team:
    """The processes that read one document, seen by one of them; `ALONE` is a team of one."""

    def __init__(self, number: int = 0, size: int = 1, links: Sequence[_Link] = ()) -> None:
        """`number` is this member's; a leader (0) has a link to each of the others, they have one to it."""
        self.number = number
        self._size = size
        self._links = links

    @property
    def leads(self) -> bool:
        return self.number == 0

    def share(self, count: int) -> range:
        """This member's of so many pages: those of the members follow one another, some may have none."""
        members = max(1, min(self._size, count // FEWEST_PAGES))
        if self.number >= members:
            return range(count, count)
        return range(*(round(count * number / members) for number in (self.number, self.number + 1)))

    def gather(self, value: Any) -> list[Any]:
        """Give a value that JSON can hold, and get those of all members.

        Raises the Rejected of a member that cannot read its pages.
        """
        if not self._links:
            return [value]
        if not self.leads:
            self._tell(self._links[0], json.dumps(value).encode())
            return list(json.loads(self._hear(self._links[0])))
        values = [value, *(json.loads(heard) for heard in self._heard())]
        for link in self._links:
            self._tell(link, json.dumps(values).encode())
        return values

    def results(self) -> list[bytes]:
        """What the others handed in at their ends; raises the Rejected of one that has nothing."""
        handed_in = self._heard()
        for link in self._links:
            os.waitpid(link.pid, 0)
        return handed_in

    def _heard(self) -> list[bytes]:
        return [self._hear(link) for link in self._links]

    def serve(self, work: Callable[[], bytes]) -> NoReturn:
        """Beside the leader: hand in what comes of the work, or say why nothing does, and end."""
        try:
            self._tell(self._links[0], work())
        except Rejected as reason:
            self._tell(self._links[0], told(reason), kind=_REJECTED)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except Exception:  # a bug in a parser ends this process and its leader, with a traceback in the log
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(FAILED)
        os._exit(0)

    def _tell(self, link: _Link, said: bytes, *, kind: bytes = _VALUE) -> None:
        left = memoryview(_HEAD.pack(kind, len(said)) + said)
        try:
            while left:
                left = left[os.write(link.say, left) :]
        except BrokenPipeError:
            self._end_with(link)

    def _hear(self, link: _Link) -> bytes:
        kind, length = _HEAD.unpack(self._read(link, _HEAD.size))
        heard = self._read(link, length)
        if kind == _REJECTED:
            raise as_rejected(heard)
        return heard

    def _read(self, link: _Link, length: int) -> bytes:
        read = bytearray()
        while len(read) < length:
            piece = os.read(link.hear, min(length - len(read), 1 << 20))
            if not piece:
                self._end_with(link)
            read += piece
        return bytes(read)

    def _end_with(self, link: _Link) -> NoReturn:
        """End as the other end of a link did, so that one verdict holds for both."""
        if self.leads:
            code = os.waitstatus_to_exitcode(os.waitpid(link.pid, 0)[1])
            if code < 0:
                signal.raise_signal(-code)
            os._exit(code or FAILED)
        os._exit(FAILED)


ALONE = Team()


def split(size: int) -> Team:
    """Fork all members but this one, the leader; each process gets its own view of the team.

    There are fewer where the system has no room for more processes.
    """
    leader = os.getpid()
    links: list[_Link] = []
    for number in range(1, size):
        (hear, their_say), (their_hear, say) = os.pipe(), os.pipe()
        pid = _forked()
        if pid == 0:
            die_with(leader)
            for other in (hear, say, *(end for link in links for end in link[1:])):
                os.close(other)
            return Team(
                number, int.from_bytes(os.read(their_hear, 1)), [_Link(leader, their_hear, their_say)]
            )
        os.close(their_say)
        os.close(their_hear)
        if pid is None:
            break
        links.append(_Link(pid, hear, say))
    for link in links:
        os.write(link.say, bytes([len(links) + 1]))
    return Team(0, len(links) + 1, links)


def _forked() -> int | None:
    try:
        return os.fork()
    except OSError:  # a limit of processes, or of memory
        return None
