"""text → language (ISO 639-1): the script decides, and among languages of one script their function words.

Function words make up a third of running text in every language listed, so a paragraph is enough; a page of
figures has none and stays "", which is the truth about it.
"""

import re
from collections import Counter

from esg.extract.language.function_words import FUNCTION_WORDS

_MIN_SCORE = 2.5  # in words that belong to no other language listed
_MIN_DISTINCT = 3  # words of more than one letter; capitals do not count: "EL", "Y/N" and "PAR" fill tables
_MIN_SHARE = 0.04  # of all words
_MIN_LEAD = 1.15  # over the next language
_MIN_SCRIPT_LETTERS = 10
_MAX_CHARACTERS = 20_000  # a page is decided long before

_WORD = re.compile(r"[^\W\d_]+(?:['’](?=\w))?")
_ASCII_LETTERS = re.compile(r"[a-zA-Z]+")
_SCRIPTS = re.compile(  # of the other letters
    r"(?P<latin>[\u00c0-\u024f\u1e00-\u1eff]+)"
    r"|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)"
    r"|(?P<kana>[\u3040-\u30ff\uff66-\uff9f]+)"
    r"|(?P<hangul>[\uac00-\ud7af\u1100-\u11ff]+)"
    r"|(?P<cyrillic>[\u0400-\u04ff]+)"
    r"|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff]+)"
    r"|(?P<hebrew>[\u0590-\u05ff]+)"
    r"|(?P<arabic>[\u0600-\u06ff\u0750-\u077f]+)"
    r"|(?P<thai>[\u0e00-\u0e7f]+)"
    r"|(?P<devanagari>[\u0900-\u097f]+)"
)
_LETTERS_PER_SIGN = 3  # a Han sign or a kana pair says as much as about three letters
_ONE_LANGUAGE = {"hangul": "ko", "greek": "el", "hebrew": "he", "thai": "th", "devanagari": "hi"}


def _weights() -> dict[str, dict[str, float]]:
    """Each word's weight for each language: shared by k languages, it counts 1/k for each.

    A single letter counts little: tables are full of them.
    """
    owners = Counter(word for words in FUNCTION_WORDS.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in FUNCTION_WORDS.items():
        for word in words:
            weights.setdefault(word, {})[language] = (0.25 if len(word) == 1 else 1.0) / owners[word]
    return weights


_WEIGHTS = _weights()


def detect(text: str) -> str:
    """Name the language most of a text is in, "" where that cannot be said."""
    text = text[:_MAX_CHARACTERS]
    rest = _ASCII_LETTERS.sub("", text)
    scripts = Counter({"latin": len(text) - len(rest)} if len(rest) < len(text) else {})
    for run in _SCRIPTS.finditer(rest):
        scripts[str(run.lastgroup)] += run.end() - run.start()
    weighed = {script: count * _weight(script) for script, count in scripts.items()}
    script = max(weighed, key=lambda name: weighed[name], default="")
    if scripts[script] < _MIN_SCRIPT_LETTERS:
        return ""
    return _of_script(script, scripts, text)


def _weight(script: str) -> int:
    return _LETTERS_PER_SIGN if script in ("han", "kana", "hangul") else 1


def _of_script(script: str, scripts: Counter[str], text: str) -> str:
    if script in ("han", "kana"):
        return "ja" if scripts["kana"] * 10 > scripts["han"] else "zh"
    if script == "cyrillic":
        return _cyrillic(text.lower())
    if script == "arabic":
        return "fa" if any(letter in text for letter in "پچژگ") else "ar"
    return _ONE_LANGUAGE.get(script) or _by_function_words(text)


def _cyrillic(text: str) -> str:
    if any(letter in text for letter in "іїєґ"):
        return "uk"
    return "ru" if any(letter in text for letter in "ыэ") or "ъ" not in text else "bg"


def _by_function_words(text: str) -> str:
    words = _WORD.findall(text.replace("’", "'"))
    counts: Counter[str] = Counter()
    for word, count in Counter(words).items():
        if not word.isupper() or len(word) == 1:
            counts[word.lower()] += count
    scores: dict[str, float] = {}
    distinct: Counter[str] = Counter()
    for word, count in counts.items():
        for language, weight in _WEIGHTS.get(word, {}).items():
            scores[language] = scores.get(language, 0.0) + count * weight
            distinct[language] += len(word) > 1
    ranked = sorted(((score, language) for language, score in scores.items()), reverse=True)
    (score, best), (second, _) = [*ranked, (0.0, ""), (0.0, "")][:2]
    is_clear = score >= max(_MIN_SCORE, _MIN_SHARE * len(words), _MIN_LEAD * second)
    return best if is_clear and distinct[best] >= _MIN_DISTINCT else ""
