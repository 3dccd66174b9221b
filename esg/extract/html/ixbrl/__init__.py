"""A page's tree with inline XBRL → its tagged facts (Inline XBRL 1.1, https://www.xbrl.org/specification/inlinexbrl-part1)."""

from esg.extract.html.ixbrl.about import read_about
from esg.extract.html.ixbrl.facts import read_facts
from esg.extract.html.ixbrl.prefix import with_known_prefix
from esg.extract.html.ixbrl.tags import read_tags

__all__ = ["read_about", "read_facts", "read_tags", "with_known_prefix"]
