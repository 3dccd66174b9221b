"""A pattern → letters of which every text that it matches has some, read off the pattern itself.

To look for a few strings costs a quarter of a search with the pattern, and most patterns find nothing in most
sentences. Whatever is not understood here needs nothing: the pattern then has to be tried.
"""

from collections.abc import Iterable

from esg.rubric.syntax import Group, Part, Sequence, Unknown, parse

_SHORT = 3  # characters; what is shorter than this is in every other sentence

Choice = tuple[str, ...]  # of which a text has one at least
ANY: Choice = ("",)  # every text has it
Needed = tuple[Choice, ...]  # of which a text has all, the rarest first


def needed(pattern: str) -> Needed:
    """Give strings in lower case of which every text, lower-cased, that the pattern matches has some.

    The pattern is one without flags but IGNORECASE. Empty where nothing is known. Where a text has İ, ı or ſ
    for i and s, the strings have i and s.
    """
    try:
        return _of_group(parse(pattern))
    except Unknown:
        return ()


def _of_group(group: Group) -> Needed:
    """Of several alternatives, one of all that they need most."""
    found = [_of_sequence(parts) for parts in group]
    if len(found) == 1:
        return found[0]
    return (_union(choices[0] for choices in found),) if all(found) else ()


def _of_sequence(parts: Sequence) -> Needed:
    """What must be found in a row: all that its parts need."""
    choices: set[Choice] = set()
    run = ""
    for part in parts:
        if part.letter and not part.is_optional:
            run += part.letter
        if part.is_optional or part.is_repeated or not (part.letter or part.is_around):
            choices |= _of_run(run)
            run = ""
        choices |= _of_part(part)
    return tuple(sorted(choices | _of_run(run), key=_commonness))


def _of_part(part: Part) -> set[Choice]:
    return set() if part.is_around or part.is_optional or not part.group else set(_of_group(part.group))


def _of_run(run: str) -> set[Choice]:
    return {(run,)} if run else set()


def _union(choices: Iterable[Choice]) -> Choice:
    return tuple(sorted({letters for choice in choices for letters in choice}))


def _commonness(choice: Choice) -> tuple[bool, int, int, Choice]:
    """The less, the fewer texts have it: nothing short in it, then the fewer strings, then the longer."""
    shortest = min(map(len, choice))
    return shortest < _SHORT, len(choice), -shortest, choice
