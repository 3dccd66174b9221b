"""Markup → the same with the tags of inline XBRL called `ix:…`, whatever the document calls them."""

import re

_BOUND = re.compile(
    r"""\bxmlns:([A-Za-z_][\w.-]*)\s*=\s*["']http://www\.xbrl\.org/(?:2008|2013)/inlineXBRL["']""",
    re.IGNORECASE,
)
KNOWN = "ix"
_MOST = 10  # other prefixes that one document may use


def with_known_prefix(text: str) -> str:
    """Rename the prefix of inline XBRL where it is another; a page without inline XBRL stays as it is."""
    prefixes = {match[1] for match in _BOUND.finditer(text)} - {KNOWN}
    if not prefixes:
        return text
    names = "|".join(re.escape(prefix) for prefix in sorted(prefixes)[:_MOST])
    return re.sub(rf"<(/?)(?:{names}):", rf"<\1{KNOWN}:", text)
