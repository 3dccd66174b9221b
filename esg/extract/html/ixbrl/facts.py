"""Tags, contexts, units and places → facts.

A tag that is at odds with the rest of its document is a fact with a flag, never an error: the page is
readable all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from esg.domain import Fact, Span
from esg.extract.html.ixbrl.resources import Context, Named, Unit, read_resources
from esg.extract.html.ixbrl.tags import CONTINUATION, NUMERIC, Scope, Tag
from esg.extract.html.ixbrl.values import Value, apply, read_number

_LONGEST_VALUE = 2000  # characters that a text's value is kept of
_NOWHERE = Context("", ("", ""), ())


def read_facts(root: LexborNode, tags: Sequence[Tag], places: Sequence[tuple[int, Span]]) -> list[Fact]:
    """Read the facts of a document, by their pages and the hidden ones first.

    `places` say where the text of the nth tag is printed, in reading order.
    """
    contexts, units = read_resources(root)
    first: dict[int, Span] = {}
    for number, place in places:
        first.setdefault(number, place)
    continuations = {tag.attributes.get("id", ""): tag for tag in reversed(tags) if tag.kind == CONTINUATION}
    facts = [
        replace(_fact(tag, contexts, units, continuations), place=first.get(number))
        for number, tag in enumerate(tags)
        if tag.kind != CONTINUATION
    ]
    return sorted(facts, key=lambda fact: fact.place.page if fact.place else 0)


def _fact(tag: Tag, contexts: Named[Context], units: Named[Unit], continuations: Mapping[str, Tag]) -> Fact:
    context, astray = _context(tag, contexts)
    unit, unmeasured = _unit(tag, units)
    is_nil = _is_nil(tag)
    text, broken = (tag.text, "") if tag.kind == NUMERIC else _continued(tag, continuations)
    value = Value("", None) if is_nil else _value(tag, text)
    concept = " ".join(tag.attributes.get("name", "").split())
    start, end = context.period or ("", "")
    return Fact(
        concept=concept,
        namespace=_namespace(tag.scope, concept),
        value=value.text[:_LONGEST_VALUE],
        number=value.number,
        is_nil=is_nil,
        decimals=tag.attributes.get("decimals", "").strip(),
        entity=context.entity,
        start=start,
        end=end,
        dimensions=context.dimensions,
        unit=unit.above,
        per=unit.below,
        printed=tag.text[:_LONGEST_VALUE],
        place=None,
        flags=tuple(flag for flag in (astray, unmeasured, broken, value.flag) if flag),
    )


def _context(tag: Tag, contexts: Named[Context]) -> tuple[Context, str]:
    """The context that a tag names, else one that says nothing and why."""
    key = tag.attributes.get("contextref", "").strip()
    context = contexts.get(key)
    if context is None:
        return _NOWHERE, "ambiguous_context" if key in contexts else "no_context"
    return context, "" if context.period else "bad_period"


def _unit(tag: Tag, units: Named[Unit]) -> tuple[Unit, str]:
    nothing = Unit((), ())
    if tag.kind != NUMERIC:
        return nothing, ""
    key = tag.attributes.get("unitref", "").strip()
    unit = units.get(key)
    if unit is None or not unit.above:
        return nothing, "ambiguous_unit" if key in units and unit is None else "no_unit"
    return unit, ""


def _is_nil(tag: Tag) -> bool:
    return any(
        name.rpartition(":")[2] == "nil" and value.strip() in ("true", "1")
        for name, value in tag.attributes.items()
    )


def _continued(tag: Tag, continuations: Mapping[str, Tag]) -> tuple[str, str]:
    """A tag's text with the pieces that continue it elsewhere, each taken once."""
    pieces, seen, flag = [tag.text], {id(tag)}, ""
    following = tag.attributes.get("continuedat", "").strip()
    while following and not flag:
        piece = continuations.get(following)
        if piece is None or id(piece) in seen:
            flag = "continuation_missing" if piece is None else "continuation_cycle"
            break
        seen.add(id(piece))
        pieces.append(piece.text)
        following = piece.attributes.get("continuedat", "").strip()
        if sum(map(len, pieces)) > _LONGEST_VALUE:
            break
    return " ".join(piece for piece in pieces if piece), flag


def _value(tag: Tag, text: str) -> Value:
    name = tag.attributes.get("format", "").strip()
    format_ = (_namespace(tag.scope, name), name.rpartition(":")[2]) if name else None
    if tag.kind != NUMERIC:
        return apply(text, format_)
    scale, sign = tag.attributes.get("scale", "").strip(), tag.attributes.get("sign", "").strip()
    return read_number(text, format_=format_, scale=scale, sign=sign)


def _namespace(scope: Scope, name: str) -> str:
    """What the prefix of a name stands for, "" for nothing."""
    return scope.get(name.partition(":")[0].lower(), "") if ":" in name else ""
