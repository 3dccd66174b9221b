"""text → names that may be a company's, and what such names are made of."""

import re
from collections.abc import Iterator

from esg.extract.identity.words import GENERIC, LEGAL_FORMS, OUTSIDERS, WEAK_FORMS

_PART = r"(?:[A-Z\d][\w&’'.+-]*[\w&+]|[A-Z\d]|[A-Z]\.(?:[A-Z]\.)*)"
_JOINT = r"(?:of|and|the|&|de|du|di|del|della|des|der|für|van|y|e|\+)"
_FORMS = "|".join(re.escape(form) for form in sorted((*LEGAL_FORMS, *WEAK_FORMS), key=len, reverse=True))
_LEGAL_NAME = re.compile(
    rf"(?<![\w.&-])({_PART}(?:[ ](?:{_JOINT}[ ])?{_PART}){{0,5}}?)"
    rf"(,?[ ](?:{_FORMS})(?:[ ](?:{_FORMS}))*)(?!\w)"
)
_CJK_NAME = re.compile(
    r"(?:^|[\s、，。：「（(])([\u4e00-\u9fff]{2,12}(?:股份有限公司|金融控股|有限公司|銀行|集團|控股|株式会社))"
    r"|((?:株式会社)[\u4e00-\u9fff\u3040-\u30ffA-Za-z]{2,12})"
)
_TRAILING_FORMS = re.compile(rf"(?:[\s,]+(?:{_FORMS}))+$")
_STRONG = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(form) for form in LEGAL_FORMS)})$|公司$|株式会社")
_LEADING_WORDS = re.compile(
    r"^(?:(?:The|For|By|In|At|With|Of|And|From|To|On|As|Each|All|Both|Although|While|Across|Within|Our|PT|Dear|"
    r"Chief|Executive|Officer|CEO|CFO|Secretary|Chairman|Group|Company|Notes?|Copyright)\s+)+"
)
_OFFICE = re.compile(
    r"^.*\b(?:Board|Directors?|Officers?|Management|Council|Shareholders|Members|Committee|Subsidiary|President"
    r"|Secretary|Stakeholders|Employees|Activities|Report|Statements?)\s+(?:of|at|to|for)\s+(?:the\s+)?"
)
_PROPER = re.compile(  # after a word in small letters
    rf"(?<!\w)[a-zà-ÿ][\w’'-]*,?[ ]((?:{_PART})(?:[ ]{_PART}){{0,2}})(?=[\s,.;:’')])"
)
_SEPARATORS = re.compile(r"\s+[|–—•·/-]+\s+|//|[|–—•·:©]|\s{2,}|,\s")
_YEARS_AND_MARKS = re.compile(r"\b(?:FY|CY)?\s?['’]?(?:\d{4}(?:[/-]\d{2,4})?|\d{1,3}[a-z]?)\b\.?")
_LONGEST = 60


def legal_names(text: str) -> Iterator[str]:
    """Names that stand before a legal form: "Acme Holdings plc"."""
    for match in _LEGAL_NAME.finditer(text):
        name = _cleaned(match[1].strip())
        if name and len(name) <= _LONGEST:
            yield name + match[2]
    for match in _CJK_NAME.finditer(text):
        yield match[1] or match[2]


def _cleaned(name: str) -> str:
    """Cut off what stands before a name in its sentence."""
    return _LEADING_WORDS.sub("", _OFFICE.sub("", name)).strip(" ,.")


def title_names(line: str) -> Iterator[str]:
    """What is left of the parts of a title without the words that reports are called by."""
    for part in _SEPARATORS.split(_YEARS_AND_MARKS.sub("  ", line)):
        words = part.split()
        while words and _is_title_word(words[0]):
            words.pop(0)
        kept = []
        for word in words:
            if _is_title_word(word) and word.lower() not in ("of", "and", "&", "the", "bank"):
                break
            kept.append(word)
        while kept and _is_title_word(kept[-1]):
            kept.pop()
        name = " ".join(kept).strip(" ,.’'\"“”()")
        if name and len(kept) <= 6 and len(name) <= _LONGEST and (name[0].isupper() or name[0].isdigit()):
            yield name


def _is_title_word(word: str) -> bool:
    return word.strip(".,:;()’'\"“”").lower() in GENERIC or not any(map(str.isalnum, word))


def proper_names(text: str) -> Iterator[str]:
    """Capitalised names inside sentences, with their shorter beginnings."""
    for match in _PROPER.finditer(text):
        words = match[1].split()
        while words and words[-1].strip(".").lower() in GENERIC:
            words.pop()
        for end in range(1, len(words) + 1):
            yield " ".join(words[:end]).removesuffix("’s").removesuffix("'s").strip(".")


def core(name: str) -> str:
    """A name without its legal forms."""
    return _TRAILING_FORMS.sub("", name).strip(" ,") or name


def has_legal_form(name: str) -> bool:
    return _STRONG.search(name) is not None


def is_generic(name: str) -> bool:
    """Whether a name consists of words that any report may use."""
    words = [word.strip(".,’'()").lower() for word in re.split(r"[\s-]", name)]
    return all(word in GENERIC or word.isdigit() or len(word) < 2 for word in words)


def is_outsider(name: str) -> bool:
    """Whether this is an auditor, a standard setter, an agency: often named, seldom the issuer."""
    return any(word in name.lower() for word in OUTSIDERS)


def spell_out(acronym: str, text: str) -> str:
    """The words an acronym stands for, where the text has them; "" otherwise."""
    if not (acronym.isupper() and acronym.isalpha() and 3 <= len(acronym) <= 6):
        return ""
    words = r"[ ](?:(?:of|and|the|&|de|for)[ ])?".join(rf"{letter}[a-zà-ÿ]+" for letter in acronym)
    match = re.search(rf"(?<!\w){words}(?!\w)", text)
    return match[0] if match else ""
