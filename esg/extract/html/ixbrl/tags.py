"""A page's tree → its inline XBRL tags as they stand, in the order of the document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from esg.extract.html.marks import MOST_OPEN
from esg.extract.html.walk import walk

NUMERIC, TEXT, CONTINUATION = "ix:nonfraction", "ix:nonnumeric", "ix:continuation"
_KINDS = frozenset({NUMERIC, TEXT, CONTINUATION})
_LONGEST_TEXT = 20_000  # characters that a tag's text is kept of: all of it stands on its page
_XMLNS = "xmlns:"

Scope = Mapping[str, str]  # prefix in lower case → namespace


@dataclass(slots=True)
class Tag:
    """`attributes` have names in lower case, as an HTML parser gives them."""

    kind: str
    attributes: Mapping[str, str]
    scope: Scope
    parts: list[str] = field(default_factory=list)
    length: int = 0

    @property
    def text(self) -> str:
        """What stands inside, its white space folded."""
        return " ".join("".join(self.parts).split())


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags by number, and the number of the tag that a node of the tree is."""

    tags: list[Tag]
    numbers: dict[int, int]  # node's place in memory → index of `tags`


def read_tags(root: LexborNode) -> Tags:
    """Read all tags below `root`, hidden ones too."""
    reader = _Reader()
    walk(root, reader.enter, reader.leave)
    return Tags(reader.tags, reader.numbers)


class _Reader:
    def __init__(self) -> None:
        self.tags: list[Tag] = []
        self.numbers: dict[int, int] = {}
        self._open: list[Tag] = []
        self._scopes: list[Scope] = [{}]
        self._entered: list[tuple[bool, bool]] = []  # of each open node: whether it opened a tag, a scope
        self._excluded = 0

    def enter(self, node: LexborNode) -> bool:
        name = node.tag or ""
        if name.startswith("-"):
            self._entered.append((False, False))
            if name == "-text" and self._open and not self._excluded:
                self._take(node.text_content or "")
            return name == "-document"
        attributes = {key: value or "" for key, value in node.attributes.items()}
        bound = {key[len(_XMLNS) :]: value for key, value in attributes.items() if key.startswith(_XMLNS)}
        if bound:
            self._scopes.append({**self._scopes[-1], **bound})
        if name in _KINDS:
            self._open_tag(node, Tag(name, attributes, self._scopes[-1]))
        self._excluded += name == "ix:exclude"
        self._entered.append((name in _KINDS, bool(bound)))
        return name not in ("script", "style")

    def leave(self, node: LexborNode) -> None:
        opened_tag, opened_scope = self._entered.pop()
        if opened_tag:
            self._open.pop()
        if opened_scope:
            self._scopes.pop()
        self._excluded -= node.tag == "ix:exclude"

    def _open_tag(self, node: LexborNode, tag: Tag) -> None:
        self.numbers[node.mem_id] = len(self.tags)
        self.tags.append(tag)
        self._open.append(tag)

    def _take(self, text: str) -> None:
        for tag in self._open[-MOST_OPEN:]:
            if tag.length < _LONGEST_TEXT:
                tag.parts.append(text)
                tag.length += len(text)
