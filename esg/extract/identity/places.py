"""Where and how often a name stands in a report → how likely it is the issuer's."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from esg.extract.identity.front import Front
from esg.extract.identity.names import is_outsider

_EARLY_PAGES = 5
_COMMON = 0.2  # of its uses in small letters make a name an ordinary word
_NOT_NAME = re.compile(r"[^\w&+]+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_CHECKED_BY = (  # in small letters between single blanks, as pages are
    r"(?:(?:assur(?:ed|ance)|verif(?:ied|ication)|audited|reviewed|checked|attested) (?:\w+ )?(?:by|from)|"
    r"auditors?|verifiers?|practitioners?|assurance providers?|engaged|commissioned|appointed) "
    r"(?:(?:the|our|an|independent|external|auditors?|assurers?|verifiers?|company|firm|statutory) )*"
)
_WHO_CHECKS = (
    r"(?: \w+){0,2} (?:has |have )?"
    r"(?:provided|issued|gave|performed|carried out|conducted|verified|assured|audited)"
    r"(?: (?:a|an|the|their|its|limited|reasonable|independent|external))* "
    r"(?:assurance|verification|audit|this|these|selected|data|figures|report|statement|emissions)"
)
_DOMAIN = re.compile(r"(?:www\.|@|https?://)([a-z0-9-]+(?:\.[a-z0-9-]+)*)", re.IGNORECASE)
_NOT_TELLING = frozenset({"www", "com", "co", "org", "net"})


@dataclass(frozen=True, slots=True)
class Places:
    """The parts of a report, each as words between single blanks, so that names are found by plain search."""

    cover: str
    metadata: str
    running: str
    early: str
    pages: tuple[str, ...]
    whole: str  # in its own capitals
    text: str  # of the early pages, in small letters but with its punctuation
    used: Counter[str]  # names inside sentences
    domains: Counter[str]
    file: str

    def points(self, name: str, *, legal_forms: int) -> float:
        """Points for a name that stands before a legal form so many times."""
        word = spaced(name.lower())
        if self._is_common(name, word):
            return 0.0
        pages = sum(word in page for page in self.pages)
        return (
            3.0 * math.log1p(pages)
            + 4.0 * (pages / max(len(self.pages), 1))
            + 4.0 * (word in self.cover)
            + 3.0 * (word in self.metadata)
            + 2.0 * math.log1p(min(self.running.count(word), 20))
            + 1.0 * (word in self.early)
            + (min(3.0 + math.log1p(legal_forms), 6.0) if legal_forms else 0.0)
            + self._use_points(name, legal_forms)
            + self._compact_points(name)
            + self._defined_points(name)
            - 12.0 * is_outsider(name)
        )

    def is_third_party(self, name: str) -> bool:
        """Whether a name is that of who checks reports or sets standards, and nothing makes it the issuer.

        Such a name may stand on every page; the issuer's own stands on the cover, in the file or its address.
        """
        if not (is_outsider(name) or self._is_assurer(name)):
            return False
        word = spaced(name.lower())
        first = _compact(name.split()[0])
        is_in_file = len(first) > 2 and first in self.file
        return not (word in self.cover or word in self.metadata or is_in_file)

    def _is_assurer(self, name: str) -> bool:
        """Whether a name mostly stands where the text says who checked it."""
        word = re.escape(spaced(name.lower()).strip())
        checks = rf"(?:{_CHECKED_BY}{word}|(?<!\w){word}{_WHO_CHECKS})(?!\w)"
        pages = [page for page in self.pages if spaced(name.lower()) in page]
        return bool(pages) and 2 * sum(re.search(checks, page) is not None for page in pages) > len(pages)

    def _is_common(self, name: str, word: str) -> bool:
        """Whether the text also uses a name as an ordinary word, in small letters."""
        if " " in name or name == name.lower():
            return False
        small = self.whole.count(word)
        return small > 0 and small >= _COMMON * sum(page.count(word) for page in self.pages)

    def _use_points(self, name: str, legal_forms: int) -> float:
        """A company is spoken of inside sentences; what only heads pages and tables is a label."""
        used = self.used[" ".join(name.split()[:3])]
        if not used and not legal_forms and not _CJK.search(name):
            return -4.0
        return min(math.log1p(used), 4.0)

    def _compact_points(self, name: str) -> float:
        """Points for the company's own internet address, and for the name of the file."""
        whole, first = _compact(name), _compact(name.split()[0])
        on_web = sum(count for label, count in self.domains.items() if label in (whole, first))
        in_file = len(first) > 2 and first in self.file
        return (1.5 + min(math.log1p(on_web), 2.5) if on_web else 0.0) + 2.0 * in_file

    def _defined_points(self, name: str) -> float:
        """Points for what the text introduces: Acme Limited ("Acme"), © Acme, About Acme."""
        if name.lower() not in self.text:
            return 0.0
        whole = re.escape(name.lower())
        word = rf"{whole}(?!\w)"
        # What begins with plain letters is found fast, so what stands before the name is asked after it.
        defined = re.search(
            rf"{whole}(?<!\w{whole})(?!\w)[^()\n]{{0,40}}\([^()\n]{{0,12}}[‘’'\"“”]?\w", self.text
        )
        owned = re.search(rf"(?:©|\(c\)|copyright)\s*(?:\d{{4}})?[\s,]*(?:by\s+)?{word}", self.text)
        introduced = re.search(rf"(?:about|at|welcome to|über|chez|di)\s+{word}", self.text)
        return 2.0 * bool(defined) + 3.0 * bool(owned) + 1.0 * bool(introduced)


def read_places(front: Front, *, used: Counter[str]) -> Places:
    """Prepare a report's parts to look for names in them."""
    early = "\n".join(front.texts[:_EARLY_PAGES]).lower()
    hosts = (host for text in front.texts for host in _DOMAIN.findall(text))
    return Places(
        cover=spaced("\n".join(front.titles).lower()),
        metadata=spaced(f"{front.title}\n{front.author}".lower()),
        running=spaced("\n".join(front.running).lower()),
        early=spaced(early),
        pages=tuple(spaced(text.lower()) for text in front.texts),
        whole=spaced("\n".join(front.texts)),
        text=early,
        used=used,
        domains=Counter(_compact(label) for host in hosts for label in _labels(host)),
        file=_compact(PurePosixPath(front.name).stem),
    )


def spaced(text: str) -> str:
    """Words between single blanks; a name in Chinese or Japanese stands between any letters."""
    words = _NOT_NAME.sub(" ", text).strip()
    return words if len(words) <= 40 and _CJK.match(words) else f" {words} "


def _labels(host: str) -> list[str]:
    """The telling part of a host name: neither www nor the top level."""
    labels = [label for label in host.lower().split(".") if label not in _NOT_TELLING]
    return labels[:-1] if len(labels) > 1 else labels


def _compact(text: str) -> str:
    return _NOT_LETTERS.sub("", text.lower().replace("&", "und"))
