"""What figures are called (data/lexicon.toml) → which KPI a row label names, if it names one whole."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from esg.kpi import units
from esg.kpi.toml import parsed
from esg.rubric import Sieve, sieve

_NOTES = re.compile(
    r"[⁰¹²³⁴-⁹⁽⁾†‡§✓✔☑*ᵃ-ᵛᴬ-ᵂⁿⁱ]+|\[\w{1,3}\]|\(\w(?:\s?[,+]\s?\w)*\)(?=\s|$)"  # "(1)", "(a, b)", "(A+B+C)"
)
_DEFINITION = re.compile(r"\([^()]*=[^()]*\)")
_STANDARD = re.compile(
    r"\b(?:gri|esrs|sasb|e1)?[\s-]*\d{3}-\d+(?:[-.]?[a-z])?\b|\b[ES]\d-\d\b|\b[EGS]-\d\d\b", re.IGNORECASE
)
_NAME = 3  # letters of a word that can be a company's own
_NOT_NAMES = re.compile(
    r"group|energy|water|waste|and|the|scope|total|power|electricity|renewable|green|carbon|gas|management|board|"
    r"women|employees|people|consumption|emissions",
    re.IGNORECASE,
)
_LONGEST = 160  # characters of a label
_LABELS = 4096  # a label is asked for each figure of its row, and by several readers
_SCOPE = re.compile(r"\bscopes?\W{0,2}[123]\b", re.IGNORECASE)
_TWICE = re.compile(r"\b(emissions|consumption|total)\b.*\b\1\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+\d?|\d+")
_UNIT_WORDS = re.compile(
    r"(?:k|m|g)?t(?:co2?)?e?q?|tonn?e?s?|tons?|kg|kilo\w*|mega\w*|metric|short|ten|hundred|thousands?|millions?|mio|mn|"
    r"[gmkt]wh|emwh|[gtmp]j|m3|m|cubic|met(?:er|re)s?|litres?|ml|per|cent|percent|"
    r"t?co2?[e2]?q?|eq|dioxide|carbon|equivalents?|e|000|000s|\d|mt|ppl",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A KPI's names; `dimension` is what its unit measures, `gas` whether that unit must be of CO2.

    `methods` says whether the methods of scope 2 make it two KPIs ("keys") or are only told ("told").
    """

    key: str
    unit: str
    dimension: str
    gas: bool
    methods: str
    must: re.Pattern[str]
    never: re.Pattern[str] | None
    words: re.Pattern[str]
    sentence: Sieve | None
    second: re.Pattern[str] | None

    def method(self, named: str) -> str:
        """The method to tell: what is named, "unspecified" where a KPI of its own needs one."""
        return named or "unspecified" if self.methods == "keys" else named if self.methods else ""

    def is_second(self, text: str) -> bool:
        """Whether a text names the KPI by what stands in for it: consumption for withdrawal, an average."""
        return bool(self.second and self.second.search(text))

    def key_of(self, method: str) -> str:
        return f"{self.key}_{method}" if self.methods == "keys" else self.key


@dataclass(frozen=True, slots=True)
class Category:
    number: int
    name: re.Pattern[str]


@lru_cache(maxsize=_LABELS)
def clean(label: str) -> str:
    """Take footnote marks, standards' numbers and dots of a leader out of a label."""
    plain = _DEFINITION.sub(" ", label.replace("₂", "2").replace("²", " "))
    bare = _STANDARD.sub(" ", _NOTES.sub(" ", plain))
    return " ".join(re.sub(r"[._]{3,}", " ", bare).split())


@lru_cache(maxsize=_LABELS)
def name(label: str) -> Entry | None:
    """The KPI that a label names with no word to spare; None for anything smaller or unknown.

    A label that says "emissions" twice is two labels that ran together: of one of them the figure is not.
    """
    bare = clean(label)
    if len(bare) > _LONGEST or _TWICE.search(bare):
        return None
    return next((e for e in entries() if _names(e, bare)), None) or _named_otherwise(bare)


def _named_otherwise(bare: str) -> Entry | None:
    """The KPI that a label names in another language."""
    plain = units.without(bare).strip(" :")
    return next((entry(key) for key, names in _other_names() if names.fullmatch(plain)), None)


def category(label: str) -> int | None:
    """The number of the scope 3 category that a label names."""
    bare = clean(label)
    return next((c.number for c in categories() if c.name.fullmatch(bare)), None)


def _names(entry: Entry, bare: str) -> bool:
    if not entry.must.search(bare) or (entry.never and entry.never.search(bare)):
        return False
    return all(entry.words.fullmatch(w) or _UNIT_WORDS.fullmatch(w) for w in _WORD.findall(bare))


@cache
def entries() -> tuple[Entry, ...]:
    raw = parsed("lexicon")
    common = raw["common"]
    return tuple(
        Entry(
            key=kpi["key"],
            unit=kpi["unit"],
            dimension=kpi["dimension"],
            gas=kpi.get("gas", False),
            methods=kpi.get("methods", ""),
            must=_compile(kpi["must"]),
            never=_compile(kpi["not"]) if "not" in kpi else None,
            words=_compile("|".join([*common, *kpi["words"]])),
            sentence=sieve(_compile(kpi["sentence"])) if "sentence" in kpi else None,
            second=_compile(kpi["second"]) if "second" in kpi else None,
        )
        for kpi in raw["kpi"]
    )


@cache
def _other_names() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw = parsed("lexicon")["names"]
    return tuple((key, _compile(names)) for key, names in raw.items())


@cache
def categories() -> tuple[Category, ...]:
    raw = parsed("lexicon")["category"]
    return tuple(Category(c["number"], _category(c["number"], c["name"])) for c in raw)


def _category(number: int, title: str) -> re.Pattern[str]:
    """By name, or by number and a name that may be shortened."""
    prefix = r"(?:scope\W{0,2}3\W{0,3})?"
    numbered = rf"(?:(?:category|cat\.?)\W{{0,2}}{number}|3\.{number}|c\.?{number})\b(?:\W{{1,3}}.{{3,60}})?"
    return _compile(
        rf"{prefix}(?:{numbered}|(?:\(?{number}[.):]? )?{title}\W*(?:emissions)?(?:\W*\(?t?\s?co2e?q?\)?)?)"
    )


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def without(text: str, company: str) -> str:
    """A text without the words of the company's name: "2023 Acme Group" is the group's column."""
    return " ".join(blanked(text, company).split())


def blanked(text: str, company: str) -> str:
    """The same with a blank for each letter, so that places in the text stay what they are."""
    own = _own_words(company)
    return own.sub(lambda m: " " * len(m[0]), text) if own else text


@cache
def _own_words(company: str) -> re.Pattern[str] | None:
    words = (w for w in _WORD.findall(company) if len(w) >= _NAME and not _NOT_NAMES.fullmatch(w))
    own = [re.escape(w) for w in words if not names_part(w)]
    return re.compile(rf"\b(?:{'|'.join(own)})\b") if own else None


def entry(key: str) -> Entry:
    return next(e for e in entries() if e.key == key)


@cache
def entry_of(kpi: str) -> Entry:
    """The entry that a KPI belongs to: that of scope 2 for its methods, of scope 3 for its categories."""
    return next((e for e in entries() if e.key == kpi), None) or next(
        e for e in entries() if kpi.startswith(f"{e.key}_")
    )


@lru_cache(maxsize=_LABELS)
def names_part(text: str) -> bool:
    """Whether a heading speaks of a part of the group, of a target or of someone else."""
    return bool(_pattern("part").search(clean(text)))


def is_no_actual(text: str) -> bool:
    """Whether a column or row is of changes, targets, budgets and the like."""
    return bool(_pattern("no_actual").search(text))


def is_generic(label: str) -> bool:
    """Whether a label says nothing but that it is a total, or a method of scope 2."""
    return bool(_pattern("generic").fullmatch(label)) or not label


def names_scope(label: str) -> bool:
    return bool(_SCOPE.search(label))


def is_partial(label: str) -> bool:
    """Whether a label is half a name, completed by its column or title ("Female" under "Management")."""
    return bool(_pattern("partial").fullmatch(label))


def says_total(text: str) -> bool:
    return bool(_pattern("total").search(text))


def is_header(text: str) -> bool:
    """Whether a text says nothing but a period, a unit and that it is of the whole group."""
    return all(_pattern("header").fullmatch(w) for w in _WORD.findall(clean(text)))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    value = parsed("lexicon")["table"][name]
    return _compile("|".join(value) if isinstance(value, list) else value)
